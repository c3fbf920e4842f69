"""What a capability is, and the catalogue of all of them."""
