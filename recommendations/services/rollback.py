"""Going back to an earlier model."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from ml.artifacts import ArtifactError
from ml.recommend.item_model import ItemModel
from ml.recommend.model_file import load
from moodmusic.problems import DomainError
from recommendations.activation import activate, everyone_folded
from recommendations.models import ModelVersion
from recommendations.training_data import events_read


def model_rollback(*, number: int | None = None) -> ModelVersion:
    """Make a kept version active, and everyone's factors those under it.

    Without a number, the latest version before the active one that was active once and whose files
    are sound. What is left behind comes back only by name: a training without new events does
    nothing, and one with new events makes a version of its own, with hyper-parameters of its own.

    Raises
    ------
    DomainError
        `no_earlier_model` (409) with nothing to go back to; `not_found` (404) for a number that no
        version has; `already_active` (409); `unsound_model` (409) when the named version's files
        are missing, damaged or of another format. Nothing is changed then.
    """
    active = ModelVersion.objects.filter(active=True).first()
    version, model = _earlier(active) if number is None else _named(number)
    folded = everyone_folded(events_read(), model)
    with transaction.atomic():
        left = ModelVersion.objects.select_for_update().filter(active=True).first()
        if left and left.number > version.number:
            left.metrics["withdrawn"] = True
            left.save(update_fields=["metrics"])
        if version.metrics.pop("withdrawn", None):
            version.save(update_fields=["metrics"])
        activate(version, folded)
    return version


def _earlier(active: ModelVersion | None) -> tuple[ModelVersion, ItemModel]:
    versions = ModelVersion.objects.exclude(activated_at=None)
    if active:
        versions = versions.filter(number__lt=active.number)
    passed = []
    for version in versions:
        try:
            return version, load(settings.MODELS_DIR / version.artifact, version.sha256)
        except ArtifactError as error:
            passed.append(f" Model {version.number} cannot be used: {error}")
    if active is None and not passed:
        raise DomainError("no_earlier_model", "No model has ever been active.", 409)
    raise DomainError(
        "no_earlier_model",
        "There is no earlier model to go back to." + "".join(passed),
        409,
    )


def _named(number: int) -> tuple[ModelVersion, ItemModel]:
    version = ModelVersion.objects.filter(number=number).first()
    if version is None:
        kept = ", ".join(
            str(one)
            for one in ModelVersion.objects.order_by("number").values_list("number", flat=True)
        )
        raise DomainError(
            "not_found", f"There is no model {number}; there is {kept or 'none yet'}.", 404
        )
    if version.active:
        raise DomainError("already_active", f"Model {number} is active already.", 409)
    try:
        return version, load(settings.MODELS_DIR / version.artifact, version.sha256)
    except ArtifactError as error:
        raise DomainError(
            "unsound_model", f"Model {number} cannot be used: {error}", 409
        ) from error
