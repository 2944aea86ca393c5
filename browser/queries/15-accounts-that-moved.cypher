// 15 Accounts that moved
// Which account was used in how many findings, between which machines, and when first and last; in how many of them nobody knows
// where it came from. A finding whose account is not known is not in it.
MATCH (finding:Finding)
WHERE finding.movement IN ['remote', 'unknown_source'] AND finding.account IS NOT NULL
RETURN finding.account AS account, count(*) AS findings,
       count(CASE WHEN finding.movement = 'unknown_source' THEN 1 END) AS from_unknown, collect(DISTINCT finding.source) AS sources,
       collect(DISTINCT finding.target) AS targets, min(finding.time) AS first, max(finding.time) AS last
ORDER BY findings DESC, account
LIMIT 200
