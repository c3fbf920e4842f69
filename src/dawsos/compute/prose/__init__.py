"""Texts about results: written by rule, and held to the numbers they are about, whoever wrote them."""
