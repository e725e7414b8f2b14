"""Work in the background: briefs, exports and imports that survive a restart."""
