"""A folder inside an agent is walked too."""
