"""The append-only ledger of claims and judgements, and the snapshots that readers get from it."""
