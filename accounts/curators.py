"""The curator group and its permissions, kept in step with the code after every migrate."""

from __future__ import annotations

from itertools import product
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions

from accounts.selectors import CURATOR_GROUP

#: App -> permissions. By name, so that accounts need not import the apps above it.
#: Nothing is deleted by curators: songs are hidden, and judgements are answered by newer ones.
PERMISSIONS = {
    "catalog": (
        *map("_".join, product(("add", "change", "view"), ("song", "artist", "annotation"))),
        "view_mood",
    ),
}


def group_ensure(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Create the group and give it the permissions of the app that was migrated (post_migrate).

    A migration could not: permissions are made only after all migrations have run.
    """
    codenames = PERMISSIONS.get(sender.label)
    if codenames is None:
        return
    from django.contrib.auth.models import Group, Permission

    create_permissions(sender, using=using, verbosity=0)
    group, _ = Group.objects.using(using).get_or_create(name=CURATOR_GROUP)
    group.permissions.add(
        *Permission.objects.using(using).filter(
            content_type__app_label=sender.label, codename__in=codenames
        )
    )
