/*---
id: remote-subscription-run
title: WMI event subscription set up from another machine, and run
status: test
level: high
description: >-
  A permanent consumer of WMI's events was registered for a client of the network, and the command or the program that
  it names was started by WMI when its event came, at once or much later.
attack: [T1047, T1546.003]
needs: [Subscription, ProcessStart]
result: finding
identity: [request]
evidence: [registrations, executions, clients]
false_positives:
  - Inventory and monitoring that set up consumers through WMI
---*/
MATCH (r:Request)-[:SET_UP]->(s:Subscription)
WHERE r.mechanism = 'subscription' AND r.ran
WITH r, collect(DISTINCT s.id) AS registrations
MATCH (r)-[:STARTED]->(x:ProcessStart)
WITH r, registrations, collect(DISTINCT x.id) AS executions
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, registrations AS registrations, executions AS executions, collect(DISTINCT c.id) AS clients
