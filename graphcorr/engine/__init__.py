"""The column engine that phase 2 works in, and how its tables are declared, put in order, checked and made."""
