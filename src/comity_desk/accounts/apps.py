"""People as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, clearances, sign-in."""

    name = "comity_desk.accounts"
    label = "accounts"
