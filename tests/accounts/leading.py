"""The tables from which a listener can be reached, and the rows of them that lead to one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from accounts.models import User

Kind = type[Model]


def models_that_lead_to_the_user() -> set[Kind]:
    """Every model from which foreign keys or many-to-many tables lead to a user, however far."""
    every = apps.get_models(include_auto_created=True)
    found: set[Kind] = {User}
    while True:
        more = {
            model
            for model in every
            if model not in found
            and any(
                field.is_relation and not field.auto_created and field.related_model in found
                for field in model._meta.get_fields()
            )
        }
        if not more:
            return found
        found |= more


def rows_that_lead_to(user: User) -> dict[Kind, set[Any]]:
    """{model: keys of its rows from which foreign keys lead to this user, however far}."""
    found: dict[Kind, set[Any]] = defaultdict(set, {User: {user.pk}})
    leading = models_that_lead_to_the_user()
    links = [
        (model, field)
        for model in leading
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.remote_field.model in leading
    ]
    grew = True
    while grew:
        grew = False
        for model, field in links:
            # A copy: rows of a table may lead to others of the same.
            targets = set(found[field.remote_field.model])
            rows = model._base_manager.filter(**{f"{field.attname}__in": targets})
            new = set(rows.values_list("pk", flat=True)) - found[model]
            found[model] |= new
            grew = grew or bool(new)
    return found
