"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger of claims and judgements."""

    name = "comity_desk.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Name the events of the trail."""
        from comity_desk.audit.names import name_events
        from comity_desk.ledger.event_names import NAMES

        name_events(NAMES)
