"""Migrations of the tables of the records."""
