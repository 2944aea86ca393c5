/*---
id: uncommon-account
title: Logon of an account that never or hardly logged on to this machine
status: test
level: informational
description: >-
  An account, and no computer's one, logged on to a machine to which it had not logged on in the history, or hardly.
  Judged only where a person says until when all was usual, and on
  machines whose logs told of it before.
attack: [T1078, T1021]
needs: [Logon]
result: observation
identity: [novelty]
evidence: [logons]
false_positives:
  - New people and new tasks of old ones
---*/
MATCH (n:Novelty)-[:SEEN_IN]->(e:Logon)
WHERE n.thing = 'account'
RETURN n.id AS novelty, n.host AS target, n.account AS account, n.way AS way, n.machines AS machines, n.history AS history, collect(e.id) AS logons
