"""Pure functions on text: paths, command lines, names, addresses, values and times. They never read a file or a clock."""
