/*---
id: file-time-changed
title: Program made to look older
status: stable
level: low
description: >-
  A program's file was given a creation time more than a day before the one it had, by something that is no installer, or a script
  sets the times of files, or the time of compilation of a program on the wire cannot be: in the future, or before there were any.
attack: [T1070.006]
needs: [FileTime]
result: observation
identity: [behavior]
evidence: [records]
false_positives:
  - Installers that were unpacked elsewhere
  - Builds that put a digest where the time of compilation stands
---*/
MATCH (e:FileTime|Script|ProcessStart|Executable)-[:SHOWS]->(b:Behavior)
WHERE b.technique = 'T1070.006'
RETURN b.id AS behavior, b.host AS target, b.account AS account, b.way AS way, b.technique AS technique, collect(e.id) AS records
