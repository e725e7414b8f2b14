"""This part of the desk as a Django app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records."""

    name = "comity_desk.records"
    label = "records"

    def ready(self) -> None:
        """Name the work that is wanted in the background, and what must be destroyed with a spill."""
        from comity_desk.records import spill  # noqa: F401
        from comity_desk.records.importing import checking  # noqa: F401
