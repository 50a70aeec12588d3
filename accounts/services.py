"""Writes of consent and accounts."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import consent
from accounts.models import Consent, Language, User
from accounts.selectors import consent_of
from moodmusic.local import zone_names
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
            _("The text has changed. Please read version %(version)d and decide again.")
            % {"version": CONSENT_VERSION},
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

    What no cascade reaches (`accounts.holdings`) goes in the same transaction, files right after
    it. Judgements a curator made of songs stay, without a name. DomainError `wrong_password`
    (403), or `throttled` (429) after a few of them: a borrowed session must not guess the password.
    """
    tries = f"accounts:erase:{user.pk}"
    cache.add(tries, 0, PASSWORD_TRIES_PERIOD_S)
    if cache.incr(tries) > PASSWORD_TRIES:
        raise DomainError(
            "throttled",
            _("Too many tries. Please wait a minute."),
            429,
            retry_after=PASSWORD_TRIES_PERIOD_S,
        )
    if not user.check_password(password):
        raise DomainError("wrong_password", _("That is not the password of this account."), 403)
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
    deleted, _each = UserSession.objects.exclude(session_key__in=living).delete()
    return deleted


def local_set(*, user: User, **chosen: str) -> None:
    """Set the account's `language`, its `time_zone`, or both.

    Parameters
    ----------
    chosen : {"language": one of `Language` or ""}, {"time_zone": an IANA name or ""}; "" leaves it
        to the browser.

    Raises
    ------
    DomainError
        `invalid` (400) for a language or zone that there is none of.
    """
    allowed = {"language": {"", *Language.values}, "time_zone": {"", *zone_names()}}
    errors = {
        name: [_("There is no such choice.")]
        for name, value in chosen.items()
        if value not in allowed[name]
    }
    if errors:
        raise DomainError("invalid", _("There is no such choice."), errors=errors)
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=list(chosen))
