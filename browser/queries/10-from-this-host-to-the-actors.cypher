// 10 From this host to the actors
// Its hops, the findings that say so, their evidence, techniques and software, and the actors that are reported to use both this
// software and all of these techniques: what is known of tools and methods, no statement about who was here.
// First say which host:   :param host => 'ws01.corp.example'
MATCH (host:Host)-[hop:MOVED_TO]->(target:Host)
WHERE host.name = $host
MATCH (finding:Finding)
WHERE finding.id = hop.finding
OPTIONAL MATCH (finding)-[:EVIDENCE]->(event:Write|ProcessStart|ModuleLoad|ServiceInstall)
WITH host, hop, target, finding, collect(DISTINCT event) AS events
OPTIONAL MATCH (finding)-[:INDICATES]->(technique:Technique)
WITH host, hop, target, finding, events, collect(DISTINCT technique) AS techniques
OPTIONAL MATCH (finding)-[:IDENTIFIES]->(software:Software)
OPTIONAL MATCH (actor:Actor)-[:USES]->(software)
WHERE NOT EXISTS {
  MATCH (finding)-[:INDICATES]->(other:Technique)
  WHERE NOT EXISTS { MATCH (actor)-[:USES]->(other) }
}
RETURN host, hop, target, finding, events, techniques, collect(DISTINCT software) AS software, collect(DISTINCT actor) AS actors
LIMIT 20
