/*---
id: alert-on-machine
title: Alert of a guard, or of a tool that searched the same logs, that stands beside no finding
status: stable
level: informational
description: >-
  A guard of a machine or a tool that was run over its logs says that something is wrong there, and no finding is about it: counted
  by name and machine. What such tools call informational is left out. It is that one's word, and nothing is concluded from it.
attack: []
needs: [Alert]
result: observation
identity: [target, way]
evidence: [alerts]
false_positives:
  - Whatever the guard or the rule is wrong about
---*/
MATCH (a:Alert)
OPTIONAL MATCH (a)-[:CAME_FROM]->(client:Address)
OPTIONAL MATCH (a)-[:WENT_TO]->(server:Address)
WITH a, client, server
WHERE client IS NULL AND server IS NULL
RETURN a.host AS target, CASE WHEN a.severity IS NULL THEN a.name ELSE a.name + ' (' + a.severity + ')' END AS way, collect(a.id) AS alerts
