"""Who may do and see what: people, roles, clearances, sign-in."""
