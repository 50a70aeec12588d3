"""Reads of users and consent."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils.crypto import salted_hmac

from accounts.consent import CURRENT
from accounts.models import Consent, User

CURATOR_GROUP = "curator"


def consent_of(*, user: User) -> Consent | None:
    """The standing consent to the current text, or None: never given, withdrawn or outdated."""
    return Consent.objects.filter(user=user, version=CURRENT.version, withdrawn_at=None).first()


def consent_standing(*, user: User) -> bool:
    """Whether this listener's face may be read now."""
    return consent_of(user=user) is not None


def account_key(*, user: User) -> str:
    """What a device may call this account by, to keep things of several listeners apart."""
    return salted_hmac("accounts.account_key", str(user.pk)).hexdigest()[:16]


def is_curator(*, user: User | AnonymousUser) -> bool:
    """Whether the user may enter the admin: a member of the curator group, or staff."""
    return user.is_active and (user.is_staff or user.groups.filter(name=CURATOR_GROUP).exists())
