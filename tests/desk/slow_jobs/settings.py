"""Settings of a desk in processes of its own, with the kinds of work above."""

from comity_desk.conf.settings import *  # noqa: F403
from comity_desk.conf.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "slow_jobs.apps.SlowJobsConfig"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
