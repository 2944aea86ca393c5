/*---
id: remote-service-run
title: Service created from another machine, and started
status: stable
level: high
description: >-
  A service was registered for a client of the network, and its program started. The client is that of the
  session that asked, or the only one that was connected to the service manager. Where nothing names one, only
  commands and places that attackers use are told, and the source stays unknown.
attack: [T1021.002, T1543.003, T1569.002]
needs: [ProcessStart, ServiceInstall]
result: finding
identity: [request]
evidence: [executions, registrations, clients]
false_positives:
  - Administration and software deployment from another machine
---*/
MATCH (r:Request)-[:STARTED]->(x:ProcessStart|ModuleLoad)
WHERE r.mechanism = 'service'
WITH r, collect(DISTINCT x.id) AS executions
OPTIONAL MATCH (r)-[:SET_UP]->(s:ServiceInstall)
WITH r, executions, collect(DISTINCT s.id) AS registrations
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, executions AS executions, registrations AS registrations, collect(DISTINCT c.id) AS clients
