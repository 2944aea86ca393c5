/*---
id: empire-launcher
title: Empire's launcher run
status: stable
level: high
description: >-
  PowerShell was started with the options that Empire's stager has, in its order: without profile, single-threaded, hidden, encoded.
attack: [T1059.001]
software: [S0363]
needs: [ProcessStart]
result: finding
movement: local
identity: [behavior]
evidence: [launches]
false_positives:
  - Nothing known; nobody has reason to write them so
---*/
MATCH (e:ProcessStart)-[:SHOWS]->(b:Behavior)
WHERE b.technique = 'T1059.001'
RETURN b.id AS behavior, b.host AS target, b.account AS account, collect(e.id) AS launches
