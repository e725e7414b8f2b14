"""Lists that a person wants to see again: the question, under a name, for its owner alone."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from comity.vocab.kinds import kinds
from comity_desk.lib import tokens
from comity_desk.lib.addresses import records_address


def view_key() -> str:
    """A random key, by which a view is named in addresses."""
    return tokens.token(10)


class SavedView(models.Model):
    """One question to a list, kept by a person."""

    key = models.CharField(max_length=16, unique=True, default=view_key)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    query = models.CharField(max_length=2000, blank=True)

    class Meta:
        """By kind and name; a person has each name once for a kind."""

        ordering = ("kind", "name")
        constraints = (models.UniqueConstraint(fields=["owner", "kind", "name"], name="records_view_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where the list stands."""
        return records_address(self.kind) + (f"?{self.query}" if self.query else "")

    @property
    def kind_label(self) -> object:
        """The kind's name for people."""
        return kinds()[self.kind].plural_label
