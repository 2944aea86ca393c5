"""Records of Suricata, the network monitor: one file an event type of its EVE output."""
