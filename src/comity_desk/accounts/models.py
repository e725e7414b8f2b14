"""People at the desk: who they are, what they may do (roles) and what they may see (nationality and clearance).

Nationality, clearance and roles are policy inputs: changing them changes what a person is shown, and nothing else at the desk does. They are
changed through the actions of this app alone.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from comity.register.readers import PUBLIC, Reader
from comity.vocab.text import Text
from comity_desk.accounts.roles import SCOPES, permissions_of, permissions_of_token
from comity_desk.lib import clock

ONE_TIME = timedelta(days=3)


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
        return self.get(username=signing_in_as(username))


def signing_in_as(username: str | None) -> str:
    """A user's name as it is kept: small letters, no spaces around it. What is typed at sign-in is read the same way, and so are wrong tries counted."""
    return unicodedata.normalize("NFKC", username or "").strip().lower()


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
    one_time_until = models.DateTimeField(null=True, blank=True)  # until when a one-time password opens; empty: the person chose the password
    session_round = models.PositiveIntegerField(default=0)  # raised to end every session of this person
    created_at = models.DateTimeField(auto_now_add=True)

    scopes: frozenset[str] | None = None  # of the token by which this person comes; none: signed in
    objects = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

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
        """Whether this person's roles allow an act; an account that is not active allows none, and a token no more than its scopes."""
        return self.is_active and permission in permissions_of(self.roles) and (self.scopes is None or permission in permissions_of_token(self.scopes))

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """What every session of this person must hold: it changes with the password, and when the sessions are ended."""
        return salted_hmac("comity_desk.accounts.session", f"{self.password}\x1f{self.session_round}", secret=secret, algorithm="sha256").hexdigest()

    def set_one_time_password(self, password: str) -> None:
        """A password that opens the desk for three days, and there only the page where the person chooses another. Ends every session."""
        self.set_password(password)
        self.must_change_password, self.one_time_until = True, clock.now() + ONE_TIME
        self.session_round += 1

    def may_sign_in(self) -> bool:
        """Whether the account is active and its one-time password, if it has one, has not run out."""
        return self.is_active and (self.one_time_until is None or clock.now() < self.one_time_until)

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


class ApiToken(models.Model):
    """A program's way in, standing for a person; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)  # its first letters, by which people know it
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scope_names(self) -> list[Text]:
        """Its scopes for people."""
        return [SCOPES[scope][0] for scope in self.scopes if scope in SCOPES]

    @property
    def living(self) -> bool:
        """Whether it still opens the desk."""
        return self.revoked_at is None and clock.now() < self.expires_at

    def seen(self) -> None:
        """Note the day of use; once a day, so that reading stays reading."""
        today = clock.today()
        if self.last_used != today:
            ApiToken.objects.filter(pk=self.pk).update(last_used=today)
