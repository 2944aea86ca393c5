// 07 Evidence of this finding
// The finding, the records it rests on, the version of the file that they wrote and ran, and where.
// First say which finding, by the beginning of its id:   :param finding => 'a164'
MATCH (finding:Finding)-[evidence:EVIDENCE]->(event:Write|ProcessStart|ModuleLoad|ServiceInstall|Removal|Block|Logon|Connection|PipeOpen)
WHERE finding.id STARTS WITH $finding
OPTIONAL MATCH (event)-[does:WROTE|RAN|NAMED|LOADED|POINTS_TO|ENDED]->(version:FileVersion)
OPTIONAL MATCH (event)-[happened:OCCURRED_ON]->(host:Host)
OPTIONAL MATCH (event)-[came:CAME_FROM]->(address:Address)
RETURN finding, evidence, event, does, version, happened, host, came, address
LIMIT 300
