"""This part of the desk as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Api."""

    name = "comity_desk.api"
    label = "api"
