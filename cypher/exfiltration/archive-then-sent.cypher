/*---
id: archive-then-sent
title: Archive made, then sent out
status: stable
level: medium
description: >-
  An archive was packed on a machine, and afterwards it left: a command named it to be uploaded or copied away, it was seen on the
  wire by its name, or content of its kind left its machine within the hour.
attack: [T1560, T1048]
needs: [ProcessStart]
result: finding
movement: local
identity: [behavior]
evidence: [archives, transfers]
false_positives:
  - Backups that go to another machine or into the cloud
  - Support bundles that somebody uploads
---*/
MATCH (b:Behavior)-[:LED_TO]->(t:ProcessStart|Script|HttpRequest|Transfer|Write)
WHERE b.technique IN ['T1560.001', 'T1560.002']
WITH b, collect(DISTINCT t.id) AS transfers
MATCH (e:ProcessStart|Script|FileCreate)-[:SHOWS]->(b)
RETURN b.id AS behavior, b.host AS target, b.account AS account, collect(DISTINCT e.id) AS archives, transfers AS transfers
