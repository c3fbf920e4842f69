"""The phase of the business cycle and the quadrant of growth and inflation, from what was known on a day."""
