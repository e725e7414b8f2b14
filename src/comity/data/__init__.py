"""Data packages that come with Comity: the world of actors, and one folder a country."""
