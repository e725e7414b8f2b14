"""This part of the desk as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs."""

    name = "comity_desk.jobs"
    label = "jobs"
