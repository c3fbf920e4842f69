"""Texts about results: by a model where one is configured, by rule otherwise, and in both held to the numbers they are about."""
