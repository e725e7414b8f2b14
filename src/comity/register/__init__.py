"""The record: claims with sources, resolved to records, cut for one reader and one moment of knowledge, on disk as a data package."""
