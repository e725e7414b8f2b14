"""Tables of this part of the desk, step by step."""
