"""A module beside the agents, which is no agent."""
