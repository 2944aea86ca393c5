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
MATCH (m:ModuleLoad)-[loaded:LOADED]->(v:FileVersion)
WHERE coalesce(loaded.basis, '') <> 'program'
WITH v, collect(DISTINCT m.id) AS executions
MATCH (w:Write)-[:WROTE]->(v)
RETURN v.id AS version, collect(DISTINCT w.id) AS writes, executions AS executions
