"""Records as people find, read, propose and review them."""
