"""Writes of consent and accounts."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts import consent
from accounts.models import Consent, User
from accounts.selectors import consent_of
from moodmusic.problems import DomainError

CONSENT_VERSION = consent.CURRENT.version
#: Passwords that may be tried when deleting an account, in this many seconds.
PASSWORD_TRIES = 5
PASSWORD_TRIES_PERIOD_S = 60


@transaction.atomic
def consent_grant(*, user: User, version: int | None = None) -> Consent:
    """Record consent to the current text; a consent that stands already is returned unchanged.

    `version` is the text the listener saw, where the caller knows it: DomainError
    `consent_outdated` (409) if it is not the current one.
    """
    if version is not None and version != CONSENT_VERSION:
        raise DomainError(
            "consent_outdated",
            f"The text has changed. Please read version {CONSENT_VERSION} and decide again.",
            409,
            current_version=CONSENT_VERSION,
        )
    # Two requests at once: the second waits here and finds the first one's row.
    User.objects.select_for_update().get(pk=user.pk)
    standing = consent_of(user=user)
    if standing is not None:
        return standing
    consent_withdraw(user=user)  # of an older text, which no longer counts
    return Consent.objects.create(user=user, version=CONSENT_VERSION)


def consent_withdraw(*, user: User) -> None:
    """End any standing consent. The rows stay as evidence; withdrawing twice changes nothing."""
    Consent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def account_erase(*, user: User, password: str) -> None:
    """Delete the account and everything that belongs to it, sessions and tokens included.

    Judgements a curator made of songs stay, without a name. Frames still waiting to be read lose
    their capture and are deleted by its sweep. DomainError `wrong_password` (403), or
    `throttled` (429) after a few of them: a borrowed session must not guess the password.
    """
    tries = f"accounts:erase:{user.pk}"
    cache.add(tries, 0, PASSWORD_TRIES_PERIOD_S)
    if cache.incr(tries) > PASSWORD_TRIES:
        raise DomainError(
            "throttled",
            "Too many tries. Please wait a minute.",
            429,
            retry_after=PASSWORD_TRIES_PERIOD_S,
        )
    if not user.check_password(password):
        raise DomainError("wrong_password", "That is not the password of this account.", 403)
    # Imported here: the model exists only once the apps are ready, which services need not be.
    from allauth.usersessions.models import UserSession

    for session in UserSession.objects.filter(user=user):
        session.end()
    user.delete()


@transaction.atomic
def sessions_clear() -> int:
    """Delete what is kept of sessions that have ended, addresses and browsers included.

    Returns how many. Running it twice, or twice at once, does no harm.
    """
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    living = Session.objects.values("session_key")
    deleted, _ = UserSession.objects.exclude(session_key__in=living).delete()
    return deleted
