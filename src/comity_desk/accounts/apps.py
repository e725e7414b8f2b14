"""People as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, clearances, sign-in."""

    name = "comity_desk.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Keep an audit event of every sign-in and of every change of a second factor."""
        from comity_desk.accounts import checks  # noqa: F401 - registers them
        from comity_desk.accounts.event_names import NAMES
        from comity_desk.accounts.trail import listen
        from comity_desk.audit.names import name_events

        listen()
        name_events(NAMES)
