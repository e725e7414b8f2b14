"""Pages for proposing and deciding."""
