// 03 Paths, step by step
// Hops that follow each other in time, joined. One row for each step; the account that stays the same ties them together.
// A finding whose source is not known is in no path: 01 has it.
MATCH (chain:Path)-[part:INCLUDES]->(found:Finding)
RETURN chain.first AS began, chain.name AS path, part.position AS step, found.time AS time, found.source AS source,
       found.target AS target, found.account AS account, found.execution AS how, found.file AS file,
       found.confidence AS confidence, found.id AS finding
ORDER BY began, path, step
LIMIT 1000
