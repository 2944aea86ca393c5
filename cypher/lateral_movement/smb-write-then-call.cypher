/*---
id: smb-write-then-call
title: File written over SMB, then registered or started by calls on the wire
status: stable
level: high
description: >-
  A file was written over the network, and calls to the service manager, the task scheduler or WMI of the same machine,
  seen on the wire, registered or started it: by the path that they state, else because the same client made them
  shortly after it wrote the file, which is a guess and said to be one.
attack: [T1021.002, T1570, T1569.002]
detection_strategy: [DET0421, DET0530]
needs: [Write, Call]
result: finding
identity: [version]
evidence: [writes, calls]
false_positives:
  - Software deployment and remote administration that push a program and start it
---*/
MATCH (c:Call)-[:ASKED_FOR]->(v:FileVersion)
WITH v, collect(DISTINCT c.id) AS calls
MATCH (w:Write)-[:WROTE]->(v)
RETURN v.id AS version, collect(DISTINCT w.id) AS writes, calls AS calls
