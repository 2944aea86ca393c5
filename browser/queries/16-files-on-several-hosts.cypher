// 16 Files written to several hosts
// The same name, written over the network to more than one machine: a tool that is carried around, or deployed software.
MATCH (:Write)-[:WROTE]->(version:FileVersion)
WITH version.name AS name, collect(DISTINCT version.host) AS hosts, min(version.earliest) AS first, count(DISTINCT version.id) AS versions
WHERE size(hosts) > 1
RETURN name AS name, size(hosts) AS machines, hosts AS hosts, versions AS versions, first AS first
ORDER BY machines DESC, name
LIMIT 200
