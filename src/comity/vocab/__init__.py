"""The words of the record: kinds, codes, partial dates, actors and the errors that speak of them. Imports nothing of ours."""
