/*---
id: smb-write-then-command-line
title: File written over SMB, then handed to a program on the same host
status: stable
level: high
description: >-
  A file was written over the network, and a process on that host was started with the file as an argument to run:
  a script, a project file, a library for rundll32. The target of a redirection, a file that is only copied, listed or
  deleted, and a path on another machine are no execution.
attack: [T1021.002, T1570, T1059]
detection_strategy: [DET0183, DET0516, DET0530]
needs: [Write, ProcessStart]
result: finding
execution: command_line
identity: [version]
evidence: [writes, executions]
false_positives:
  - Software deployment that pushes a script or an installer database and runs it
  - Documents that users open from a share they also write to
---*/
MATCH (:ProcessStart)-[named:NAMED]->(v:FileVersion)
WHERE named.role = 'argument'
WITH DISTINCT v
/* One MATCH for both kinds of edge: a list carried through a second MATCH is copied for every row, and 10,000 writes of
   a file that ran 10,000 times do not fit into memory. WROTE alone has no basis. */
MATCH (e:Write|ProcessStart)-[r:WROTE|NAMED]->(v)
WHERE r.basis IS NULL OR r.role = 'argument'
WITH v,
     collect(DISTINCT CASE WHEN r.basis IS NULL THEN e.id END) AS writes,
     collect(DISTINCT CASE WHEN r.basis IS NOT NULL THEN e.id END) AS executions
WHERE size(writes) > 0
RETURN v.id AS version, writes AS writes, executions AS executions
