"""Boards: the brief live, for each reader from what that reader may see."""
