// 10 From this host to the actors
// What was found on it or started from it, the hop where the source is known, the evidence, techniques and software, and the actors
// that are reported to use both this software and all of these techniques: what is known of tools and methods, not who was here.
// First say which host:   :param host => 'ws01.corp.example'
MATCH (host:Host)<-[:STARTED_FROM|TOOK_PLACE_ON]-(finding:Finding)
WHERE host.name = $host
WITH DISTINCT host, finding
OPTIONAL MATCH (source:Host)-[hop:MOVED_TO]->(target:Host)
WHERE hop.finding = finding.id
OPTIONAL MATCH (finding)-[:EVIDENCE]->(event:Write|ProcessStart|ModuleLoad|ServiceInstall|Removal|Block)
WITH host, source, hop, target, finding, collect(DISTINCT event) AS events
OPTIONAL MATCH (finding)-[:INDICATES]->(technique:Technique)
WITH host, source, hop, target, finding, events, collect(DISTINCT technique) AS techniques
OPTIONAL MATCH (finding)-[:IDENTIFIES]->(software:Software)
OPTIONAL MATCH (actor:Actor)-[:USES]->(software)
WHERE NOT EXISTS {
  MATCH (finding)-[:INDICATES]->(other:Technique)
  WHERE NOT EXISTS { MATCH (actor)-[:USES]->(other) }
}
RETURN host, source, hop, target, finding, events, techniques, collect(DISTINCT software) AS software, collect(DISTINCT actor) AS actors
LIMIT 20
