"""Tables of this part of the desk."""
