"""What Neo4j Browser is given to explore a graph with: a guide, a style, saved queries, and a small server for them."""
