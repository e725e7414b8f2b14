"""Outside data sets and feeds: bytes in, tidy frames out; where to get each, and how to cite it."""
