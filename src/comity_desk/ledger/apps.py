"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger of claims and judgements."""

    name = "comity_desk.ledger"
    label = "ledger"
