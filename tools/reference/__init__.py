"""Writes the reference pages from what they describe, so that they cannot say anything else."""
