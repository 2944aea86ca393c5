/*---
id: remote-service-registered
title: Service created from another machine
status: stable
level: medium
description: >-
  A service was registered for a client of the network, and no start of it is logged: registered is not yet
  run. Where process starts are not logged, this is what is left of psexec, smbexec and their relatives.
attack: [T1021.002, T1543.003]
needs: [ServiceInstall]
result: finding
identity: [request]
evidence: [registrations, clients]
false_positives:
  - Administration and software deployment from another machine
---*/
MATCH (r:Request)-[:SET_UP]->(s:ServiceInstall)
WHERE r.mechanism = 'service' AND NOT r.ran
WITH r, collect(DISTINCT s.id) AS registrations
OPTIONAL MATCH (r)-[:ASKED_BY]->(c:Logon|PipeOpen|ShareAccess|Call|Connection)
RETURN r.id AS request, registrations AS registrations, collect(DISTINCT c.id) AS clients
