/*---
id: uncommon-shared-file-type
title: Type of file that never or hardly came into this share
status: test
level: informational
description: >-
  A file was written into a share over the network, of a type that had not come into it in the history, or hardly.
  Judged only where a person says until when all was usual, and on
  machines whose logs told of it before.
attack: [T1021.002, T1570]
needs: [Write]
result: observation
identity: [novelty]
evidence: [writes]
false_positives:
  - New software that keeps its files there
---*/
MATCH (n:Novelty)-[:SEEN_IN]->(e:Write)
WHERE n.thing = 'file type'
RETURN n.id AS novelty, n.host AS target, n.account AS account, n.way AS way, n.machines AS machines, n.history AS history, collect(e.id) AS writes
