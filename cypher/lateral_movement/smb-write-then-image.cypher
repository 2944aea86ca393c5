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
MATCH (:ProcessStart)-[:RAN]->(v:FileVersion)
WITH DISTINCT v
/* One MATCH for both kinds of edge: a list carried through a second MATCH is copied for every row, and 10,000 writes of
   a file that ran 10,000 times do not fit into memory. WROTE alone has no basis. */
MATCH (e:Write|ProcessStart)-[r:WROTE|RAN]->(v)
WITH v,
     collect(DISTINCT CASE WHEN r.basis IS NULL THEN e.id END) AS writes,
     collect(DISTINCT CASE WHEN r.basis IS NOT NULL THEN e.id END) AS executions
WHERE size(writes) > 0
RETURN v.id AS version, writes AS writes, executions AS executions
