"""What companies did and will do to their shares, as far as a source has said so."""
