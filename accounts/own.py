"""What accounts hold of a listener: the account itself, consents, sessions, and the admin's log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.holdings import Holding, Row, Subject, told
from accounts.models import Consent, User
from accounts.selectors import is_curator
from accounts.sessions import names, sessions_forget


def _account(user: User) -> Iterator[Row]:
    yield {
        "email": user.email,
        "joined_at": user.date_joined,
        "last_sign_in": user.last_login,
        "language": user.language,
        "time_zone": user.time_zone,
        "keep_moods_days": user.keep_days or None,
        "curator": is_curator(user=user),
        "administrator": user.is_superuser,
        "groups": list(user.groups.order_by("name").values_list("name", flat=True)),
        "permissions": list(user.user_permissions.values_list("codename", flat=True)),
    }


def _addresses(user: User) -> QuerySet[Any]:
    from allauth.account.models import EmailAddress

    found: QuerySet[Any] = EmailAddress.objects.filter(user=user).order_by("pk")
    return found


def _sessions(user: User) -> QuerySet[Any]:
    from allauth.usersessions.models import UserSession

    found: QuerySet[Any] = UserSession.objects.filter(user=user).order_by("pk")
    return found


def _done_in_the_admin(user: User) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(user=user).order_by("pk")


def _erased(user_id: int, email: str) -> None:
    """Sessions name their user inside; the admin's log names those whom it is about."""
    sessions_forget(user_id, email)
    users = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=users, object_id=str(user_id)).delete()
    likely = LogEntry.objects.filter(object_repr__icontains=email)
    LogEntry.objects.filter(
        pk__in=[one.pk for one in likely.iterator() if names(one.object_repr, email)]
    ).delete()
    cache.delete_many(
        [f"accounts:{what}:{user_id}" for what in ("erase", "export")]
        + [f"throttle_{what}_{user_id}" for what in ("capture", "list")]
    )


HOLDING = Holding(
    app="accounts",
    subjects=(
        Subject(
            "account",
            _("Your account and its settings."),
            _account,
            ("accounts.User", "accounts.User_groups", "accounts.User_user_permissions"),
        ),
        Subject(
            "addresses",
            _("Your e-mail addresses."),
            told(_addresses, "email", "verified", "primary"),
            ("account.EmailAddress",),
        ),
        Subject(
            "consents",
            _("When you agreed to having your expression read, to which text, and when you "
              "withdrew."),
            told(
                lambda user: Consent.objects.filter(user=user).order_by("pk"),
                "version", "granted_at", "withdrawn_at",
            ),
            ("accounts.Consent",),
        ),
        Subject(
            "sessions",
            _("Where you are signed in."),
            told(
                _sessions, "created_at", "last_seen_at", address="ip", browser="user_agent"
            ),
            ("usersessions.UserSession",),
        ),
        Subject(
            "administration",
            _("What you did in the administration."),
            told(
                _done_in_the_admin,
                at="action_time", what="action_flag", on="content_type__model",
                which="object_repr", how="change_message",
            ),
            ("admin.LogEntry",),
        ),
    ),
    not_told={
        "account.EmailConfirmation": _("a secret that confirms an address, valid for days"),
    },
    erased=_erased,
)  # fmt: skip
