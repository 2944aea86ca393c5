/*---
id: uncommon-network-program
title: Program with network connections that never or hardly had any on this machine
status: test
level: informational
description: >-
  A program opened or accepted connections on a machine on which none of it had been logged in the history, or
  hardly any. Judged only where a person says until when all was usual, and on
  machines whose logs told of it before.
attack: [T1071, T1570]
needs: [Connection]
result: observation
identity: [novelty]
evidence: [connections]
false_positives:
  - New and updated software
---*/
MATCH (n:Novelty)-[:SEEN_IN]->(e:Connection)
WHERE n.thing = 'program'
RETURN n.id AS novelty, n.host AS target, n.account AS account, n.way AS way, n.machines AS machines, n.history AS history, collect(e.id) AS connections
