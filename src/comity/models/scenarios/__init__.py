"""Scenarios of what-if: files, calendars, covariates, fits, runs and warnings."""
