/*---
id: remote-call
title: Service or task set up by calls on the wire
status: stable
level: medium
description: >-
  The calls that register a service or a task, and mostly start it, were seen on the wire, and no log of the
  machine itself is at hand to show what ran.
attack: [T1021.002, T1569.002]
needs: [Call]
result: finding
identity: [request]
evidence: [calls]
false_positives:
  - Administration and software deployment from another machine
---*/
MATCH (r:Request)-[:CALLED]->(c:Call)
WHERE r.mechanism IN ['service', 'task']
RETURN r.id AS request, collect(DISTINCT c.id) AS calls
