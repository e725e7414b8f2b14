"""The desk's set-up as a Django app: it carries commands and no tables."""

from django.apps import AppConfig


class ConfConfig(AppConfig):
    """Set-up and serving."""

    name = "comity_desk.conf"
    label = "conf"
