"""One function for each thing that graphcorr can do, in modules by subject; the command line and the API are thin over it.

    hunting        read logs and find in them
    reading        read logs into a case
    detecting      find in a case again, make its graph anew
    planning       what a detection runs, on how many rows, how long
    cases          which case, its report, what no output may replace
    explaining     a finding with the records behind it
    shelf          the cases of a state folder by name: listed, made, taken away
    listing        findings by pages, filtered and sorted, and one of them
    hops           findings without their evidence, many at once
    judging        what people say of findings: verdicts, notes, rules that set findings aside
    judged         findings with what was said of them
    leads          where paths may have led
    pivots         hashes and services over all events of a case
    contents       what a generation holds beside its findings, by pages
    pages          a page of a list, and the cursor that asks for the next
    span           times as people write them
    graphs         what a store holds, what it is made of, taking it away
    patterns       list, write and check patterns
    own_patterns   patterns of one case, from whoever may add them
    pattern_check  the process that reads these
    intel          load, fetch, list, show and compare intelligence
    attribution    whom techniques and software are consistent with
    browsing       guide, style and queries for Neo4j Browser
    demo           a small made-up network
    jobs           work that outlives whoever asked for it
    uploads        files that come over the network
    supervising    a process for each job, begun again where it dies
    worker         that process
    exploring      the graph of a generation: a node, its neighbors, entities, Cypher to read
    engines        an engine's process for each generation that is asked
    asker          that process
    messages       what a server and its processes say to each other
    knowing        patterns, intelligence and attribution as lists and entries
    tokens         who may ask a server
    audit          who changed what on it
    register       the file of jobs, tokens and audit

``Settings``, progress and cancel are passed in: nothing below reads the environment. A function that works for long takes
a ``Progress`` and a ``Cancel``, and raises ``CancelledError`` at the next of its steps once that is set.
"""
