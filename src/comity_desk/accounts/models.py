"""People at the desk: who they are, what they may do (roles) and what they may see (nationality and clearance).

Nationality, clearance and roles are policy inputs: changing them changes what a person is shown, and nothing else at the desk does. They are
changed through the actions of this app alone.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from comity.register.readers import PUBLIC, Reader
from comity_desk.accounts.roles import permissions_of


class Directorate(models.Model):
    """A part of the ministry that looks after kinds of records and partners."""

    name_en = models.CharField(max_length=120)
    name_ko = models.CharField(max_length=120)
    kinds = models.JSONField(default=list, blank=True)  # record kinds that it keeps; empty: all
    partners = models.JSONField(default=list, blank=True)  # actor codes that it keeps; empty: all

    class Meta:
        """In order of age."""

        ordering = ("id",)

    def __str__(self) -> str:
        return self.name_en

    def name(self, lang: str) -> str:
        """The directorate's name in that language."""
        return self.name_ko if lang == "ko" else self.name_en


class Users(BaseUserManager["User"]):
    """Looks users up by the name that they sign in with."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of that name, whatever its case."""
        return self.get(username__iexact=username or "")


class User(AbstractBaseUser):
    """A person who signs in."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("ko", "한국어")], default="en")
    nationality = models.CharField(max_length=24, blank=True)  # actor code; empty: sees what is public
    clearance = models.CharField(max_length=20, default="unclassified")
    directorate = models.ForeignKey(Directorate, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # noqa: RUF012 - Django reads it so

    class Meta:
        """By name."""

        ordering = ("username",)

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def reader(self) -> Reader:
        """The class of readers to which this person belongs."""
        return Reader(self.nationality, self.clearance) if self.nationality else Reader(PUBLIC)

    def permitted(self, permission: str) -> bool:
        """Whether this person's roles allow an act; an account that is not active allows none."""
        return self.is_active and permission in permissions_of(self.roles)

    def has_role(self, name: str) -> bool:
        """Whether the person holds that role."""
        return name in self.roles

    def get_full_name(self) -> str:
        """The name shown to others."""
        return str(self)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The same as `permitted`; asked by libraries."""
        return self.permitted(perm)

    def has_module_perms(self, app_label: str) -> bool:
        """No: the desk has no other administration pages than its own."""
        return False

    @property
    def is_staff(self) -> bool:
        """No: the desk has no other administration pages than its own."""
        return False
