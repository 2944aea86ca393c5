/*---
id: remote-task-run
title: Scheduled task set up from another machine, and run
status: stable
level: high
description: >-
  A scheduled task was registered or changed for a client of the network, and what it names was run at once,
  as atexec and schtasks /s do.
attack: [T1021.002, T1053.005]
needs: [TaskChange]
result: finding
identity: [request]
evidence: [registrations, executions, clients]
false_positives:
  - Administration and software deployment from another machine
---*/
MATCH (r:Request)-[:SET_UP]->(s:TaskChange)
WHERE r.mechanism = 'task' AND r.ran
WITH r, collect(DISTINCT s.id) AS registrations
OPTIONAL MATCH (r)-[:STARTED]->(x:ProcessStart|TaskRun)
WITH r, registrations, collect(DISTINCT x.id) AS executions
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, registrations AS registrations, executions AS executions, collect(DISTINCT c.id) AS clients
