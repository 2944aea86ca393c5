/*---
id: executable-write-blocked
title: Writing an executable was blocked
status: test
level: medium
description: >-
  Sysmon stopped a program from writing an executable, because somebody set it up to. Nothing was written and nothing
  ran; that it was tried is the finding. By System it is what a client of a share tried, or the machine itself.
attack: [T1105, T1570]
needs: [Block]
result: finding
identity: [target, path]
evidence: [blocks]
false_positives:
  - Installers and updates where the rules of Sysmon are wide
---*/
MATCH (b:Block)-[:OCCURRED_ON]->(h:Host)
WHERE b.act = 'write'
RETURN h.id AS target, b.path AS path, collect(b.id) AS blocks
