"""What a device kept while it was offline belongs to the listener who did it alone."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.models import User
from accounts.personal import listener_of
from accounts.selectors import account_key
from moodmusic.problems import DomainError

ACCOUNT = OpenApiParameter(
    "X-Account",
    str,
    OpenApiParameter.HEADER,
    description=(
        "`account` of the listener (`GET /me`) whom the event is about. Where somebody else is "
        "signed in by now, nothing is recorded and the answer is `another_account`: keep the event."
    ),
)
OTHER_ACCOUNT = (409, "another_account")


def meant_for(request: Request) -> User:
    """The listener of a request, who is the one it names where it names one.

    Raises
    ------
    DomainError
        another_account 409.
    """
    user = listener_of(request)
    named = request.headers.get("X-Account", "")
    if named and named != account_key(user=user):
        raise DomainError("another_account", _("Somebody else is signed in here by now."), 409)
    return user
