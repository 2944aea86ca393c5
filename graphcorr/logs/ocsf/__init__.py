"""Events in the Open Cybersecurity Schema Framework, as security lakes hold them: one file a class."""
