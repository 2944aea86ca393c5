/*---
id: remote-command-tried
title: Command that names another machine
status: stable
level: low
description: >-
  A program was told to do something on another machine, which its command line names (wmic /node:, schtasks
  /s, sc, psexec, net use, Invoke-Command, mstsc …): the source's side, which counts where targets are wiped.
  Whether it came to anything is for the target's own log or the wire to say.
attack: [T1021, T1047, T1053.005, T1569.002]
needs: [ProcessStart]
result: observation
identity: [contact]
evidence: [commands]
false_positives:
  - Administration from one machine of many others
---*/
MATCH (c:Contact)-[:SEEN_IN]->(e:ProcessStart)
WHERE c.way STARTS WITH 'command for '
RETURN c.id AS contact, c.source AS source, c.host AS target, c.account AS account, c.way AS way, c.machines AS machines, collect(e.id) AS commands
