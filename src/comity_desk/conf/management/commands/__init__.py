"""Commands that set up, serve and keep the desk."""
