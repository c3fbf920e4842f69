"""Pricing packs: chosen from observations, hashed, checked for coverage, completed once and for all."""
