/*---
id: run-then-removed
title: Written file run, then removed
status: stable
level: medium
description: >-
  A program that came over the network was run and then deleted. Remote administration cleans up after itself in this way as well;
  it says that nothing of it was meant to stay.
attack: [T1070.004]
needs: [Write, ProcessStart, Removal]
result: finding
identity: [version]
evidence: [writes, removals]
false_positives:
  - Remote administration and deployment that clean up
---*/
MATCH (:ProcessStart)-[:RAN]->(v:FileVersion)
WITH DISTINCT v
MATCH (r:Removal)-[:ENDED]->(v)
WHERE v.ended_by = 'deleted'
WITH v, collect(DISTINCT r.id) AS removals
MATCH (w:Write)-[:WROTE]->(v)
RETURN v.id AS version, collect(DISTINCT w.id) AS writes, removals AS removals
