"""Provocations day by day: the series, the self-exciting model, its rivals, futures and scores."""
