/*---
id: remote-wmi-run
title: Program run through WMI from another machine
status: stable
level: high
description: >-
  WMI started a program for a client of the network: a child of WmiPrvSE in a network session, or beside the
  one connection to it. Where nothing names a client, only shells and the like are told, and the source stays
  unknown.
attack: [T1047]
needs: [ProcessStart]
result: finding
identity: [request]
evidence: [executions, clients]
false_positives:
  - Inventory, monitoring and software deployment through WMI
---*/
MATCH (r:Request)-[:STARTED]->(x:ProcessStart|ModuleLoad)
WHERE r.mechanism = 'wmi'
WITH r, collect(DISTINCT x.id) AS executions
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, executions AS executions, collect(DISTINCT c.id) AS clients
