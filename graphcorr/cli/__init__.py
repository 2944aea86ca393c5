"""The command line: one file per verb, each defining ``VERB``; the others are what verbs share."""
