"""Polls of equal wording: the local-level model with house effects, and what is assumed."""
