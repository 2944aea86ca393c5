/*---
id: alert-on-wire
title: Alert of a monitor that stands beside no finding
status: stable
level: informational
description: >-
  A monitor of the wire says that something is wrong between two machines, and no finding is about it: counted by name and by both
  ends. It is that one's word, and nothing is concluded from it.
attack: []
needs: [Alert]
result: observation
identity: [source, target, way]
evidence: [alerts]
false_positives:
  - Whatever the monitor is wrong about
---*/
MATCH (a:Alert)
OPTIONAL MATCH (a)-[:CAME_FROM]->(client:Address)
OPTIONAL MATCH (a)-[:WENT_TO]->(server:Address)
WITH a, client, server
WHERE client IS NOT NULL OR server IS NOT NULL
RETURN
  client.id AS source, server.id AS target, CASE WHEN a.severity IS NULL THEN a.name ELSE a.name + ' (' + a.severity + ')' END AS way,
  collect(a.id) AS alerts
