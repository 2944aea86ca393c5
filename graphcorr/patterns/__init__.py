"""Pattern files: behaviour as Cypher with a header, read, linted, run and held to their cases."""
