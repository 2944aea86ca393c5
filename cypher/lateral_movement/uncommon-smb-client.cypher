/*---
id: uncommon-smb-client
title: Files written over SMB by a machine that never or hardly did so here
status: test
level: informational
description: >-
  A machine wrote files to another one over SMB, as hosts or the wire tell, and had not done so in the history, or
  hardly. Judged only where a person says until when all was usual, and on
  machines whose logs told of it before.
attack: [T1021.002, T1570]
needs: [Write]
result: observation
identity: [novelty]
evidence: [writes]
false_positives:
  - New servers and clients
  - Administrators at work
---*/
MATCH (n:Novelty)-[:SEEN_IN]->(e:Write)
WHERE n.thing = 'client'
RETURN n.id AS novelty, n.source AS source, n.host AS target, n.account AS account, n.way AS way, n.machines AS machines, n.history AS history, collect(e.id) AS writes
