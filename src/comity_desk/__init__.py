"""The desk: a web application in which staff keep the record, look at it and prepare from it, in English and Korean, with rights and review."""
