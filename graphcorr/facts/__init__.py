"""What happened, one relation per kind: when, where, by whom, from where and how sure, made anew from the events each time."""
