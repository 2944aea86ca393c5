/*---
id: remote-winrm-run
title: Session or program of PowerShell remoting
status: stable
level: medium
description: >-
  A session of PowerShell remoting or WinRM was opened on the machine, and what ran in it. Administrators work
  like this; from where and by whom is the question.
attack: [T1021.006]
needs: [ProcessStart]
result: finding
identity: [request]
evidence: [executions, clients]
false_positives:
  - Administration by PowerShell remoting, Ansible and the like
---*/
MATCH (r:Request)-[:STARTED]->(x:ProcessStart|ModuleLoad)
WHERE r.mechanism = 'winrm'
WITH r, collect(DISTINCT x.id) AS executions
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, executions AS executions, collect(DISTINCT c.id) AS clients
