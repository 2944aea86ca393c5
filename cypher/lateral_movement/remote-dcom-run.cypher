/*---
id: remote-dcom-run
title: Program run through DCOM from another machine
status: stable
level: high
description: >-
  A program that serves DCOM (MMC, Excel, the shell, mshta and others) was activated for a client of the
  network, and started a program or loaded what is not installed.
attack: [T1021.003]
needs: [ProcessStart]
result: finding
identity: [request]
evidence: [executions, clients]
false_positives:
  - Documents that are made by Office on a server
---*/
MATCH (r:Request)-[:STARTED]->(x:ProcessStart|ModuleLoad)
WHERE r.mechanism = 'dcom'
WITH r, collect(DISTINCT x.id) AS executions
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, executions AS executions, collect(DISTINCT c.id) AS clients
