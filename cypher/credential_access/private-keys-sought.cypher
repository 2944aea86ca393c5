/*---
id: private-keys-sought
title: Private keys or saved sessions looked for
status: stable
level: low
description: >-
  A command or a script looked for files of private keys, or read the sessions that PuTTY, WinSCP and remote desktop save, as
  SessionGopher does. Reading the registry itself leaves no record.
attack: [T1552.004]
needs: [ProcessStart]
result: observation
identity: [behavior]
evidence: [records]
false_positives:
  - People who look for their own keys
---*/
MATCH (e:ProcessStart|Script)-[:SHOWS]->(b:Behavior)
WHERE b.technique = 'T1552.004'
RETURN b.id AS behavior, b.host AS target, b.account AS account, b.way AS way, b.technique AS technique, collect(e.id) AS records
