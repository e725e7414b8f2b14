"""Thin commands over the library: each asks one question of the register and prints a table, JSON, CSV or Parquet, in English or Korean."""
