/*---
id: remote-session-served
title: Session of PowerShell remoting or program through WMI, told by the service alone
status: stable
level: medium
description: >-
  The logs that Windows keeps by default say that WinRM served a session of a client, or that WMI was asked to start a
  program, and no log of process starts is at hand to show what ran.
attack: [T1021.006, T1047]
needs: [Call]
result: finding
identity: [request]
evidence: [calls, clients]
false_positives:
  - Administration by PowerShell remoting, Ansible and the like
---*/
MATCH (r:Request)-[:CALLED]->(c:Call)
WHERE r.mechanism IN ['winrm', 'wmi']
WITH r, collect(DISTINCT c.id) AS calls
OPTIONAL MATCH (r)-[:ASKED_BY]->(k:Logon|PipeOpen|ShareAccess|Connection)
RETURN r.id AS request, calls AS calls, collect(DISTINCT k.id) AS clients
