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
MATCH (p:ProcessStart)-[named:NAMED]->(v:FileVersion)
WHERE named.role = 'argument'
WITH v, collect(DISTINCT p.id) AS executions
MATCH (w:Write)-[:WROTE]->(v)
RETURN v.id AS version, collect(DISTINCT w.id) AS writes, executions AS executions
