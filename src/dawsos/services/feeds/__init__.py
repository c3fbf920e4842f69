"""Sources asked over the network: what they say is kept, what they fail to say becomes a dead letter."""
