"""What moves a portfolio: regressions on factors, their errors, the risk and the return they account for."""
