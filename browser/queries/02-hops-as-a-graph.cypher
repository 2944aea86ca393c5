// 02 Hops as a graph
// Machines as nodes, one arrow for each hop. Double-click a machine to see what hangs on it.
// A finding of which one machine is not known is no arrow: 01 has it.
MATCH (source:Host)-[hop:MOVED_TO]->(target:Host)
RETURN source, hop, target
LIMIT 300
