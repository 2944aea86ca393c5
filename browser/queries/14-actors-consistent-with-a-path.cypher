// 14 Actors consistent with a path
// Hypotheses with their reasons, best first. Nothing here is an attribution. Empty unless a path's verdict is possible or likely.
MATCH (chain:Path)-[fits:CONSISTENT_WITH]->(actor:Actor)
RETURN chain.name AS path, chain.verdict AS verdict, fits.rank AS rank, actor.id AS id, actor.name AS actor, fits.score AS score,
       fits.reasons AS reasons
ORDER BY path, rank, id
LIMIT 200
