"""This part of the desk as a Django app."""

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    """Boards."""

    name = "comity_desk.boards"
    label = "boards"
