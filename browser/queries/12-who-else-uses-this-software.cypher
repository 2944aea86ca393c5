// 12 Who else uses this software
// Actors and campaigns that are reported to use it, wherever it was seen.
// First say which software, by ATT&CK id or name:   :param software => 'PsExec'
MATCH (user:Actor|Campaign)-[uses:USES]->(software:Software)
WHERE software.name = $software OR software.id = $software
RETURN user, uses, software
LIMIT 200
