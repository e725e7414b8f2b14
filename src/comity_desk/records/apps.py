"""This part of the desk as a Django app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records."""

    name = "comity_desk.records"
    label = "records"
