// 15 Accounts that moved
// Which account was used for how many hops, between which machines, and when first and last.
MATCH (finding:Finding)
WHERE finding.movement = 'remote' AND finding.account IS NOT NULL
RETURN finding.account AS account, count(*) AS findings, collect(DISTINCT finding.source) AS sources,
       collect(DISTINCT finding.target) AS targets, min(finding.time) AS first, max(finding.time) AS last
ORDER BY findings DESC, account
LIMIT 200
