"""This part of the desk as a Django app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records."""

    name = "comity_desk.records"
    label = "records"

    def ready(self) -> None:
        """Name the work that is wanted in the background, what must be destroyed with a spill, and the events of the trail."""
        from comity_desk.audit.names import name_events
        from comity_desk.records import spill  # noqa: F401
        from comity_desk.records.event_names import NAMES
        from comity_desk.records.importing import checking  # noqa: F401
        from comity_desk.records.proposals import attention  # noqa: F401

        name_events(NAMES)
