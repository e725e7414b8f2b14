"""Finding and reading records: lists, search, the page of a record, what is to be done."""
