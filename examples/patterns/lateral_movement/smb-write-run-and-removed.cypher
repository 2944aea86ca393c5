/*---
id: smb-write-run-and-removed
title: File written over SMB, run, then removed
status: experimental
level: high
description: >-
  A program file was written over the network, a process was started from it, and the file was removed afterwards: a tool
  that cleans up behind itself. A file that was removed and never run is none of this, nor is one that stays.
attack: [T1021.002, T1570, T1070.004]
needs: [Write, ProcessStart, Removal]
result: finding
execution: image
identity: [version]
evidence: [writes, executions, removals]
false_positives:
  - Software deployment that removes its installer
---*/
MATCH (removal:Removal)-[:ENDED]->(v:FileVersion)<-[:RAN]-(start:ProcessStart)
WHERE start.earliest <= removal.latest
WITH v, collect(DISTINCT start.id) AS executions, collect(DISTINCT removal.id) AS removals
MATCH (w:Write)-[:WROTE]->(v)
RETURN v.id AS version, collect(DISTINCT w.id) AS writes, executions AS executions, removals AS removals
