/*---
id: smb-write-then-module-load
title: Library written over SMB, then loaded on the same host
status: stable
level: high
description: >-
  A library was written over the network, and a process on that host loaded it from exactly that path. The genuine
  library of the same name, loaded from the system folder, is another file. A program that loads its own file is no
  library load; see smb-write-then-image and smb-write-then-image-load.
attack: [T1021.002, T1570, T1574.001]
detection_strategy: [DET0183, DET0201, DET0530]
needs: [Write, ModuleLoad]
result: finding
execution: module_load
identity: [version]
evidence: [writes, executions]
false_positives:
  - Software deployment that updates libraries of running services
---*/
MATCH (:ModuleLoad)-[loaded:LOADED]->(v:FileVersion)
WHERE loaded.basis <> 'program'
WITH DISTINCT v
/* One MATCH for both kinds of edge: a list carried through a second MATCH is copied for every row, and 10,000 writes of
   a file that ran 10,000 times do not fit into memory. WROTE alone has no basis. */
MATCH (e:Write|ModuleLoad)-[r:WROTE|LOADED]->(v)
WHERE r.basis IS NULL OR r.basis <> 'program'
WITH v,
     collect(DISTINCT CASE WHEN r.basis IS NULL THEN e.id END) AS writes,
     collect(DISTINCT CASE WHEN r.basis IS NOT NULL THEN e.id END) AS executions
WHERE size(writes) > 0
RETURN v.id AS version, writes AS writes, executions AS executions
