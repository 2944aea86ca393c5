/*---
id: encoded-parameter
title: Long parameter of digits in an address
status: stable
level: low
description: >-
  A machine asked a web server for an address with a parameter of more hexadecimal digits than a digest has: data that was made
  text, as Stuxnet sends what it encrypted.
attack: [T1132.001]
needs: [HttpRequest]
result: observation
identity: [behavior]
evidence: [records]
false_positives:
  - Signatures and tokens of web services
---*/
MATCH (e:HttpRequest)-[:SHOWS]->(b:Behavior)
WHERE b.technique = 'T1132.001'
RETURN b.id AS behavior, b.host AS target, b.account AS account, b.way AS way, b.technique AS technique, collect(e.id) AS records
