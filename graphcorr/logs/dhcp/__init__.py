"""Logs of servers of DHCP, one file per log type."""
