/*---
id: network-logon
title: Logon over the network
status: stable
level: informational
description: >-
  An account logged on to a machine from another one, over the network or by remote desktop, counted by
  source, target, account and way. Most of a network's life looks like this; it tells where an account went.
attack: [T1021, T1078]
needs: [Logon]
result: observation
identity: [contact]
evidence: [logons]
false_positives:
  - Everything that people and services do over the network
---*/
MATCH (c:Contact)-[:SEEN_IN]->(e:Logon)
WHERE c.way IN ['network logon', 'cleartext logon', 'remote desktop']
RETURN c.id AS contact, c.source AS source, c.host AS target, c.account AS account, c.way AS way, c.machines AS machines, collect(e.id) AS logons
