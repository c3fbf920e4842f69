"""Generators and checks of the house."""
