/*---
id: administration-port
title: Connection to a port of administration
status: stable
level: informational
description: >-
  A machine connected to another one on a port of the port mapper, SMB, remote desktop or WinRM, as the target
  or a monitor of the network logged it. What came of it is not known from that.
attack: [T1021]
needs: [Connection]
result: observation
identity: [contact]
evidence: [connections]
false_positives:
  - File shares, domain controllers, monitoring and administration
---*/
MATCH (c:Contact)-[:SEEN_IN]->(e:Connection)
WHERE c.way STARTS WITH 'port '
RETURN c.id AS contact, c.source AS source, c.host AS target, c.account AS account, c.way AS way, c.machines AS machines, collect(e.id) AS connections
