/*---
id: logon-attempted
title: Logon to another machine tried from this one
status: stable
level: informational
description: >-
  A program of a machine named other credentials and another machine, or remote desktop or remote management was
  opened to one: the source's side of a logon, which the target's own log confirms or does not.
attack: [T1021, T1078]
needs: [Logon]
result: observation
identity: [contact]
evidence: [logons]
false_positives:
  - Scheduled tasks, backup and administration with accounts of their own
---*/
MATCH (c:Contact)-[:SEEN_IN]->(e:Logon)
WHERE c.way IN ['explicit credentials', 'remote desktop opened', 'remote management opened']
RETURN c.id AS contact, c.source AS source, c.host AS target, c.account AS account, c.way AS way, c.machines AS machines, collect(e.id) AS logons
