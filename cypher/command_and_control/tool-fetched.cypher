/*---
id: tool-fetched
title: File fetched by a command
status: stable
level: low
description: >-
  A program of Windows or a script fetched a file from a server that it names, or ran what it fetched without a file.
attack: [T1105]
needs: [ProcessStart]
result: observation
identity: [behavior]
evidence: [records]
false_positives:
  - Updaters and installation scripts
---*/
MATCH (e:ProcessStart|Script)-[:SHOWS]->(b:Behavior)
WHERE b.technique = 'T1105'
RETURN b.id AS behavior, b.host AS target, b.account AS account, b.way AS way, b.technique AS technique, collect(e.id) AS records
