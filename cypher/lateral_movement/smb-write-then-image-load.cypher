/*---
id: smb-write-then-image-load
title: File written over SMB, then mapped as its own program on the same host
status: stable
level: high
description: >-
  A program file was written over the network, and a process that runs from it recorded the load of its own program,
  while the start of the process is not in the log. With the start at hand, smb-write-then-image tells the same.
attack: [T1021.002, T1570, T1569.002]
detection_strategy: [DET0183, DET0421, DET0530]
car: [CAR-2013-05-005]
needs: [Write, ModuleLoad]
result: finding
execution: image
identity: [version]
evidence: [writes, executions]
false_positives:
  - Software deployment and remote administration that push a program and run it
references:
  - https://car.mitre.org/analytics/CAR-2013-05-005/
---*/
MATCH (:ModuleLoad)-[loaded:LOADED]->(v:FileVersion)
WHERE loaded.basis = 'program' AND NOT EXISTS { MATCH (:ProcessStart)-[:RAN]->(v) }
WITH DISTINCT v
/* One MATCH for both kinds of edge: a list carried through a second MATCH is copied for every row, and 10,000 writes of
   a file that ran 10,000 times do not fit into memory. WROTE alone has no basis. */
MATCH (e:Write|ModuleLoad)-[r:WROTE|LOADED]->(v)
WHERE r.basis IS NULL OR r.basis = 'program'
WITH v,
     collect(DISTINCT CASE WHEN r.basis IS NULL THEN e.id END) AS writes,
     collect(DISTINCT CASE WHEN r.basis IS NOT NULL THEN e.id END) AS executions
WHERE size(writes) > 0
RETURN v.id AS version, writes AS writes, executions AS executions
