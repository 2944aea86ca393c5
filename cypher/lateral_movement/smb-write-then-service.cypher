/*---
id: smb-write-then-service
title: File written over SMB, then registered as a service on the same host
status: stable
level: medium
description: >-
  A program file was written over the network, and a service was registered whose command line names it. Registered is
  not yet run: where process starts are logged, smb-write-then-image tells the rest; where they are not, this is what
  is left of psexec and its relatives.
attack: [T1021.002, T1570, T1543.003]
detection_strategy: [DET0530]
needs: [Write, ServiceInstall]
result: finding
identity: [version]
evidence: [writes, services]
false_positives:
  - Software deployment and remote administration that install a service
---*/
MATCH (s:ServiceInstall)-[:POINTS_TO]->(v:FileVersion)
WITH v, collect(DISTINCT s.id) AS services
MATCH (w:Write)-[:WROTE]->(v)
RETURN v.id AS version, collect(DISTINCT w.id) AS writes, services AS services
