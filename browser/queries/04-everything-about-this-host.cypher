// 04 Everything about this host
// What was found on it or started from it, who moved to it, the files that came to it, its shares and addresses.
// First say which host:   :param host => 'srv01.corp.example'
MATCH (host:Host)<-[tie:TOOK_PLACE_ON|STARTED_FROM|MOVED_TO|STORED_ON|SHARED_BY|ASSIGNED_TO]-(other:Finding|Host|File|Share|Address)
WHERE host.name = $host
RETURN host, tie, other
LIMIT 200
