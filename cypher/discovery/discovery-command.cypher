/*---
id: discovery-command
title: Command that asks what there is
status: stable
level: informational
description: >-
  An account asked a machine for its system, services, processes, connections, accounts, groups, shares or neighbors, by a
  program of Windows or a script. Administrators, monitoring and inventory do so all day; what it means is decided by what it stands
  beside.
attack: [T1007, T1016, T1018, T1033, T1049, T1057, T1069.001, T1069.002, T1082, T1087.001, T1087.002, T1135, T1482]
needs: [ProcessStart]
result: observation
identity: [behavior]
evidence: [records]
false_positives:
  - Administration, monitoring, inventory and logon scripts
---*/
MATCH (e:ProcessStart|Script)-[:SHOWS]->(b:Behavior)
WHERE b.technique IN ['T1007', 'T1016', 'T1018', 'T1033', 'T1049', 'T1057', 'T1069.001', 'T1069.002', 'T1082', 'T1087.001', 'T1087.002', 'T1135', 'T1482']
RETURN b.id AS behavior, b.host AS target, b.account AS account, b.way AS way, b.technique AS technique, collect(e.id) AS records
