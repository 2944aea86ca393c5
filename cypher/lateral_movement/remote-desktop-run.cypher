/*---
id: remote-desktop-run
title: Shell started in a remote desktop session
status: stable
level: low
description: >-
  A shell, an interpreter or another program that runs what it is told was started in a desktop's session which
  somebody opened from another machine, counted by source, target and account. Administrators do nothing else all
  day; it tells what was done in a session, and from where.
attack: [T1021.001, T1059]
needs: [ProcessStart]
result: observation
identity: [contact]
evidence: [runs]
false_positives:
  - Administration by remote desktop, terminal servers
---*/
MATCH (c:Contact)-[:SEEN_IN]->(e:ProcessStart)
WHERE c.way = 'shell in remote desktop'
RETURN c.id AS contact, c.source AS source, c.host AS target, c.account AS account, c.way AS way, c.machines AS machines, collect(e.id) AS runs
