"""The nine agents: each folder is one, each file in it one capability."""
