"""This part of the desk as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs."""

    name = "comity_desk.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Name the kinds of work that the desk brings."""
        from comity_desk.jobs import documents, exports, measures  # noqa: F401
