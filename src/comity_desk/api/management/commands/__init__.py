"""Commands of this part of the desk."""
