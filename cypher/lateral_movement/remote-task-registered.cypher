/*---
id: remote-task-registered
title: Scheduled task set up from another machine
status: stable
level: medium
description: >-
  A scheduled task was registered or changed for a client of the network, and no run of it is logged.
attack: [T1021.002, T1053.005]
needs: [TaskChange]
result: finding
identity: [request]
evidence: [registrations, clients]
false_positives:
  - Administration and software deployment from another machine
---*/
MATCH (r:Request)-[:SET_UP]->(s:TaskChange)
WHERE r.mechanism = 'task' AND NOT r.ran
WITH r, collect(DISTINCT s.id) AS registrations
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, registrations AS registrations, collect(DISTINCT c.id) AS clients
