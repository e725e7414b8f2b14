"""The desk for programs: the same actions and policies as the pages, as JSON."""
