"""Commands that keep the ledger."""
