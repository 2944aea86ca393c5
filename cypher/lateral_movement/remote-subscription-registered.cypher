/*---
id: remote-subscription-registered
title: WMI event subscription set up from another machine
status: test
level: medium
description: >-
  A permanent consumer of WMI's events, which runs a command or a script when its event comes, was registered for a
  client of the network, and no run of it is logged. What Windows and its vendors register at the machine itself is
  not told.
attack: [T1047, T1546.003]
needs: [Subscription]
result: finding
identity: [request]
evidence: [registrations, clients]
false_positives:
  - Inventory and monitoring that set up consumers through WMI
---*/
MATCH (r:Request)-[:SET_UP]->(s:Subscription)
WHERE r.mechanism = 'subscription' AND NOT r.ran
WITH r, collect(DISTINCT s.id) AS registrations
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, registrations AS registrations, collect(DISTINCT c.id) AS clients
