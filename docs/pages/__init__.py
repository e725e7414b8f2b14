"""The reference pages that are made from the code, the vocabulary and the shipped register."""
