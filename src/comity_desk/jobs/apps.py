"""This part of the desk as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs."""

    name = "comity_desk.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Name the kinds of work that the desk brings, and take up what other apps want done."""
        from comity_desk.audit.names import name_events
        from comity_desk.jobs import documents, exports, measures  # noqa: F401
        from comity_desk.jobs.event_names import NAMES
        from comity_desk.jobs.offered import JobsQueue
        from comity_desk.jobs.tending import destroy_results
        from comity_desk.lib import background

        background.taken_up_by(JobsQueue())
        background.keeping(destroy_results)
        name_events(NAMES)
