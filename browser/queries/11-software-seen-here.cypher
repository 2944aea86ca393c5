// 11 Software seen here, and who else uses it
// Software whose marks a finding bears, with the actors that are reported to use it. A tool of many says little about who it was.
MATCH (finding:Finding)-[:IDENTIFIES]->(software:Software)
WITH software, collect(DISTINCT finding.id) AS findings
OPTIONAL MATCH (actor:Actor)-[:USES]->(software)
RETURN software.id AS id, software.name AS software, findings AS findings, count(DISTINCT actor) AS actors,
       collect(DISTINCT actor.name) AS names
ORDER BY actors, id
LIMIT 200
