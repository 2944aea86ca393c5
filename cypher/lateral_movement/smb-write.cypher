/*---
id: smb-write
title: File written over SMB
status: stable
level: low
description: >-
  A file was written to a share of another machine, counted by client, target and account. Common in every network;
  shown because it is the first half of what matters. Writes that only the target's own file log tells of have no
  client and are not counted here.
attack: [T1021.002, T1570]
detection_strategy: [DET0183, DET0530]
car: [CAR-2013-05-003]
needs: [Write]
result: observation
identity: [source, target, account]
evidence: [writes]
false_positives:
  - File servers, roaming profiles, backups and software deployment
references:
  - https://car.mitre.org/analytics/CAR-2013-05-003/
---*/
MATCH (w:Write)
WHERE w.network = true AND NOT coalesce(w.loopback, false)
OPTIONAL MATCH (w)-[:CAME_FROM]->(client:Address)
OPTIONAL MATCH (w)-[:PERFORMED_BY]->(user:Account)
RETURN client.id AS source, w.host AS target, user.id AS account, collect(w.id) AS writes
