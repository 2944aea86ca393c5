// 08 Log records of this finding
// Which record of which log file says what: to look it up, or to hand it on.
// First say which finding, by the beginning of its id:   :param finding => 'a164'
MATCH (finding:Finding)-[evidence:EVIDENCE]->(event:Write|ProcessStart|ModuleLoad|ServiceInstall|Removal|Block|Logon|Connection|PipeOpen)
WHERE finding.id STARTS WITH $finding
RETURN event.time AS time, evidence.role AS role, event.log AS log, event.host AS host,
       coalesce(event.command_line, event.path, event.image, event.service, event.pipe) AS what,
       event.file AS file, event.member AS member, event.record AS record
ORDER BY time, file, record
LIMIT 1000
