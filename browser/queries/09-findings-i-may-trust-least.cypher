// 09 Findings I may trust least
// The least sure first, with the reasons and with what the logs could not show. Look at these before you tell anybody.
MATCH (found:Finding)
RETURN CASE found.confidence WHEN 'low' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END AS rank,
       found.confidence AS confidence, found.basis AS basis, found.why AS why, found.limits AS limits,
       found.time AS time, found.source AS source, found.target AS target, found.file AS file, found.id AS finding
ORDER BY rank, time, finding
LIMIT 200
