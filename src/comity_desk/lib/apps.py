"""The foundation as a Django app: it carries templates, static files and tags, and no tables."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """The foundation."""

    name = "comity_desk.lib"
    label = "lib"
