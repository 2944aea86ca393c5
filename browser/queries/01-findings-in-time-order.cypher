// 01 Findings in time order
// Who moved from which machine to which, how, and which finding says so. Read it from top to bottom. Where the source is not known
// it is empty, and movement says unknown_source: such a finding is no hop, so no other query that follows hops has it.
MATCH (found:Finding)
RETURN found.time AS time, coalesce(found.source, found.source_address) AS source, found.target AS target, found.movement AS movement,
       coalesce(found.execution, found.started_by) AS how, found.confidence AS confidence, found.id AS finding
ORDER BY time, finding
LIMIT 1000
