"""Which songs a listener has heard, for the catalogue's filter "unheard by me"."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from recommendations.history import BROWSING_S
from recommendations.models import Play, Rating


def heard(user: User) -> Q:
    """Songs the listener played for more than a moment, or rated; in private stretches too."""
    long = Q(outcome=Play.Outcome.COMPLETED) | Q(position_s__gte=BROWSING_S)
    played = Play.objects.filter(long, user=user).order_by()
    rated = Rating.objects.filter(user=user).order_by()
    return Q(pk__in=played.values("song")) | Q(pk__in=rated.values("song"))
