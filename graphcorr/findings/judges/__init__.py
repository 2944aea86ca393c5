"""One judge a family of patterns, each a module with a ``JUDGE``; what none claims is for ``graphcorr.findings.unclaimed``."""
