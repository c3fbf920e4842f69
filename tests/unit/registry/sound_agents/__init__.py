"""Two agents whose capabilities keep every rule."""
