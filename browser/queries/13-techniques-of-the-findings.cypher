// 13 Techniques of the findings
// What was done, as ATT&CK calls it, and what it serves.
MATCH (finding:Finding)-[indicates:INDICATES]->(technique:Technique)
OPTIONAL MATCH (technique)-[serves:SERVES]->(tactic:Tactic)
RETURN finding, indicates, technique, serves, tactic
LIMIT 300
