"""What the logs teach about names, addresses, shares and clocks; learned from all events, made anew each time."""
