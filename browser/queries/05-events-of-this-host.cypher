// 05 Events of this host in time order
// Every event of the graph that happened on it, with the line of the log file it was read from.
// First say which host:   :param host => 'srv01.corp.example'
MATCH (event:Write|ProcessStart|ModuleLoad|ServiceInstall|Removal|Block|Logon|Connection|PipeOpen)-[:OCCURRED_ON]->(host:Host)
WHERE host.name = $host
RETURN event.time AS time, event.log AS log,
       coalesce(event.command_line, event.path, event.image, event.service, event.pipe) AS what,
       event.file AS file, event.member AS member, event.record AS record
ORDER BY time, file, record
LIMIT 1000
