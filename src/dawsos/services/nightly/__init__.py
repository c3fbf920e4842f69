"""The nightly chain: a pack is built, checked, worked through for every portfolio, and released."""
