"""Commands that keep accounts."""
