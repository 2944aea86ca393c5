/*---
id: empire-launcher
title: Empire's launcher run
status: stable
level: high
description: >-
  PowerShell was started with the options that Empire's stager has, in its order (without profile, single-threaded, hidden, encoded),
  or with any options to run the stager itself, which decrypts what it gets in Empire's own words.
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
MATCH (e:ProcessStart|Script)-[:SHOWS]->(b:Behavior)
WHERE b.technique = 'T1059.001'
RETURN b.id AS behavior, b.host AS target, b.account AS account, collect(e.id) AS launches
