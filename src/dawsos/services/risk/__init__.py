"""What holdings are exposed to: the history of factors, betas, drawdown at risk, scenarios; computed, kept and served."""
