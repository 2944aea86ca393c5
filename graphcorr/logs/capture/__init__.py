"""What is read out of packet captures: one file a kind of row, see :mod:`graphcorr.sources.captures`."""
