/*---
id: tool-fetched-then-run
title: File fetched by a command, then run
status: stable
level: medium
description: >-
  A command fetched a file from a server that it names, and within the hour that file was run on the same machine.
attack: [T1105]
needs: [ProcessStart]
result: finding
movement: local
identity: [behavior]
evidence: [fetches, executions]
false_positives:
  - Installation scripts that fetch what they install
---*/
MATCH (b:Behavior)-[:LED_TO]->(p:ProcessStart)
WHERE b.technique = 'T1105'
WITH b, collect(DISTINCT p.id) AS executions
MATCH (e:ProcessStart|Script)-[:SHOWS]->(b)
RETURN b.id AS behavior, b.host AS target, b.account AS account, collect(DISTINCT e.id) AS fetches, executions AS executions
