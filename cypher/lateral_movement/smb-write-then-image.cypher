/*---
id: smb-write-then-image
title: File written over SMB, then run on the same host
status: stable
level: high
description: >-
  A program file was written over the network, and a process was started from that file before anything else replaced
  or removed it. Psexec and its relatives do this for their service program.
attack: [T1021.002, T1570, T1569.002]
detection_strategy: [DET0183, DET0421, DET0530]
car: [CAR-2013-05-005]
needs: [Write, ProcessStart]
result: finding
execution: image
identity: [version]
evidence: [writes, executions]
false_positives:
  - Software deployment and remote administration that push a program and run it
references:
  - https://car.mitre.org/analytics/CAR-2013-05-005/
---*/
MATCH (p:ProcessStart)-[:RAN]->(v:FileVersion)
WITH v, collect(DISTINCT p.id) AS executions
MATCH (w:Write)-[:WROTE]->(v)
RETURN v.id AS version, collect(DISTINCT w.id) AS writes, executions AS executions
