/*---
id: file-wiping-blocked
title: Wiping an executable was blocked
status: test
level: medium
description: >-
  Sysmon stopped a program from overwriting and deleting an executable for good, as tools do that leave no traces. The
  file is still there.
attack: [T1070.004, T1485]
needs: [Block]
result: finding
identity: [target, path]
evidence: [blocks]
false_positives:
  - Erasers that somebody uses on purpose
---*/
MATCH (b:Block)-[:OCCURRED_ON]->(h:Host)
WHERE b.act = 'wipe'
RETURN h.id AS target, b.path AS path, collect(b.id) AS blocks
