/*---
id: smb-write-then-run-from-share
title: File written over SMB, then run by another machine from the share
status: test
level: high
description: >-
  A file was written over the network to a share, and another machine ran it from there: by a path of NETLOGON
  or SYSVOL, as a logon script or a group policy has it, or of any share. Whoever may write there runs
  programs wherever it is started.
attack: [T1021.002, T1080, T1570]
needs: [Write, ProcessStart]
result: finding
execution: image
identity: [version, target]
evidence: [writes, executions]
false_positives:
  - Logon scripts and software that administrators put on a share
---*/
MATCH (x:ProcessStart)-[:RAN_FROM]->(v:FileVersion)
WITH v, x.host AS target, collect(DISTINCT x.id) AS executions
MATCH (w:Write)-[:WROTE]->(v)
RETURN v.id AS version, target AS target, v.host AS source, collect(DISTINCT w.id) AS writes, executions AS executions
