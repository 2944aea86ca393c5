/*---
id: access-refused
title: Access refused
status: test
level: low
description: >-
  A client asked for something and was refused, counted by client, target, account and what was asked for. A user who opens a folder
  that is not his makes the same record; shown because who tries doors before one opens is seen only here.
attack: [T1021.002, T1135]
needs: [Attempt]
result: observation
identity: [source, target, account, way]
evidence: [attempts]
false_positives:
  - Programs that ask for more than they need and take less, as Explorer does
  - Accounts whose rights were taken back
---*/
MATCH (a:Attempt)
OPTIONAL MATCH (a)-[:CAME_FROM]->(client:Address)
OPTIONAL MATCH (a)-[:PERFORMED_BY]->(user:Account)
RETURN
  client.id AS source, a.host AS target, user.id AS account,
  CASE a.sought WHEN 'Write' THEN 'write refused' WHEN 'PipeOpen' THEN 'pipe refused' WHEN 'Logon' THEN 'logon refused' ELSE 'share refused' END
    AS way,
  collect(a.id) AS attempts
