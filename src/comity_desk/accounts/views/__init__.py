"""Pages of people: signing in, one's own account, and the keeping of accounts."""
