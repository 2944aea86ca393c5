"""Records of Microsoft Defender for Endpoint, as advanced hunting and its streams give them: one file an event of its tables."""
