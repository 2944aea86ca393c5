/*---
id: service-ticket
title: Ticket for another machine
status: stable
level: informational
description: >-
  A domain controller made out a ticket for a machine's services to an account at an address: it was about to go
  there, which the machine's own log confirms or does not. Counted by source, target and account; computers'
  accounts, controllers' own services and those with accounts of their own are left out.
attack: [T1021, T1078]
needs: [Ticket]
result: observation
identity: [contact]
evidence: [tickets]
false_positives:
  - Everything that people and services do over the network
---*/
MATCH (c:Contact)-[:SEEN_IN]->(e:Ticket)
WHERE c.way = 'service ticket'
RETURN c.id AS contact, c.source AS source, c.host AS target, c.account AS account, c.way AS way, c.machines AS machines, collect(e.id) AS tickets
