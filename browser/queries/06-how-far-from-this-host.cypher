// 06 How far somebody got from this host
// The machines that can be reached from it by up to three hops. Click an arrow for its time: hops that follow must not be earlier.
// What came from a machine that nobody knows is not among them, though it may have come from here: 01 has it.
// First say which host:   :param host => 'ws01.corp.example'
MATCH way = (host:Host)-[:MOVED_TO*1..3]->(reached:Host)
WHERE host.name = $host
RETURN way
LIMIT 200
