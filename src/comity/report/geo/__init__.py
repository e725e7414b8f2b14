"""The map's geometry as package data: borders, label points, and the overrides that say what was decided about them."""
