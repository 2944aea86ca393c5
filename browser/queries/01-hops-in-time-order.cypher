// 01 Hops in time order
// Who moved from which machine to which, how, and which finding says so. Read it from top to bottom.
MATCH (source:Host)-[hop:MOVED_TO]->(target:Host)
RETURN hop.time AS time, source.name AS source, target.name AS target, hop.how AS how, hop.confidence AS confidence,
       hop.finding AS finding
ORDER BY time, finding
LIMIT 1000
