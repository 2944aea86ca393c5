/*---
id: archive-made
title: Archive made
status: stable
level: informational
description: >-
  An archiver, or a program that runs other people's commands, packed files into an archive. What was packed is not logged; a
  password says that nobody else is to look into it.
attack: [T1560.001, T1560.002]
needs: [ProcessStart]
result: observation
identity: [behavior]
evidence: [records]
false_positives:
  - Backups, deployment and people who send files to each other
---*/
MATCH (e:ProcessStart|Script|FileCreate)-[:SHOWS]->(b:Behavior)
WHERE b.technique IN ['T1560.001', 'T1560.002']
RETURN b.id AS behavior, b.host AS target, b.account AS account, b.way AS way, b.technique AS technique, collect(e.id) AS records
