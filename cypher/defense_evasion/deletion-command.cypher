/*---
id: deletion-command
title: Files deleted by a command
status: stable
level: informational
description: >-
  An account deleted files with a command of cmd.exe or a program that wipes them. Scripts clean up after themselves all day; it
  counts beside what was written or run by somebody else.
attack: [T1070.004]
needs: [ProcessStart]
result: observation
identity: [behavior]
evidence: [records]
false_positives:
  - Scripts, installers and logon scripts that clean up
---*/
MATCH (e:ProcessStart)-[:SHOWS]->(b:Behavior)
WHERE b.technique = 'T1070.004'
RETURN b.id AS behavior, b.host AS target, b.account AS account, b.way AS way, b.technique AS technique, collect(e.id) AS records
