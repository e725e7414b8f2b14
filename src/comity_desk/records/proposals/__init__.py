"""Changes of the record as people propose, review and accept them."""
