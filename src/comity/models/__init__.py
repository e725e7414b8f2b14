"""Fits, forecasts, effects, what-if, scores and back-tests: from snapshots and named editions of outside sources to results."""
