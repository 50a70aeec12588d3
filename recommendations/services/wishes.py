"""How a listener wants lists to be made."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from moodmusic.problems import DomainError
from recommendations.models import ListWishes


def wishes_set(*, user: User, new_percent: int | None, familiar_first: bool) -> ListWishes:
    """Set both wishes; they hold from the next list on.

    Parameters
    ----------
    new_percent : 0..100, how many songs of a list the listener has not met; None leaves it to the
        scores
    familiar_first : whether known songs come first, those played most often before the others

    Raises
    ------
    DomainError
        `invalid` (400) for another percentage.
    """
    if new_percent is not None and (
        isinstance(new_percent, bool)
        or not isinstance(new_percent, int)
        or not 0 <= new_percent <= 100
    ):
        raise DomainError(
            "invalid",
            _("The share of new songs is 0 to 100 percent, or none."),
            errors={"new_percent": [_("Give 0 to 100, or nothing.")]},
        )
    wishes, _new = ListWishes.objects.update_or_create(
        user=user, defaults={"new_percent": new_percent, "familiar_first": familiar_first}
    )
    return wishes
