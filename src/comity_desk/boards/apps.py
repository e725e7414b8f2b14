"""This part of the desk as a Django app."""

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    """Boards."""

    name = "comity_desk.boards"
    label = "boards"

    def ready(self) -> None:
        """Name the work that boards want done in the background, and what must be destroyed with a spill."""
        from comity_desk.audit.names import name_events
        from comity_desk.boards import exporting, making, papers, results  # noqa: F401
        from comity_desk.boards.event_names import NAMES

        name_events(NAMES)
