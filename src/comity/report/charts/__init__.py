"""Figures as Vega-Lite specifications: one module a question, plain dictionaries in, no numbers made here."""
