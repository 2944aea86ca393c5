/*---
id: staged-on-web-server
title: File put on a web server over SMB, then downloaded
status: stable
level: medium
description: >-
  A file that is no part of a page was written over the network into a folder that a web server gives away, and was then downloaded
  from it: staging, as in Night Dragon.
attack: [T1074.002, T1021.002]
needs: [Write, HttpRequest]
result: finding
identity: [written]
evidence: [writes, downloads]
false_positives:
  - Web sites whose downloads are published by copying them
---*/
MATCH (h:HttpRequest)-[:DOWNLOADED]->(v:FileVersion)
WITH v, collect(DISTINCT h.id) AS downloads
MATCH (w:Write)-[:WROTE]->(v)
OPTIONAL MATCH (w)-[:CAME_FROM]->(a:Address)
RETURN v.id AS written, v.host AS target, a.id AS source, collect(DISTINCT w.id) AS writes, downloads AS downloads
