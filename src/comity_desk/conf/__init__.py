"""How the desk is set up and served."""
