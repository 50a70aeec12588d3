"""Curators' pages of imports: start one, watch it, read what was wrong, stop it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.desk.access import curator_of, curators
from catalog.import_forms import FolderForm, TableForm
from catalog.library.scan import is_below
from catalog.models import ImportRun
from catalog.selectors import imports_seen
from catalog.services.imports import import_cancel, import_create
from catalog.services.tables import TableOptions, table_import_create
from catalog.services.uploads import table_store, uploads_folder
from moodmusic.problems import DomainError
from moodmusic.web import see_other, tell, wants_fragment

#: Runs and problems on a page.
RUNS, PROBLEMS = 20, 50
#: Milliseconds between looks at a run that has not ended.
LOOK_MS = 1000


@curators
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The runs, latest first, and the forms that start one."""
    start = {"folder": _folder_start, "table": _table_start}.get(request.POST.get("kind", ""))
    folder_form, table_form = FolderForm(), TableForm()
    if start is not None:
        form = (
            FolderForm(request.POST)
            if start is _folder_start
            else TableForm(request.POST, request.FILES)
        )
        if form.is_valid():
            run = start(request, form.cleaned_data)
            return see_other(reverse("import_detail", args=[run.pk]))
        if isinstance(form, FolderForm):
            folder_form = form
        else:
            table_form = form
    runs = Paginator(imports_seen().select_related("by"), RUNS).get_page(request.GET.get("page"))
    context = {
        "runs": runs,
        "folder_form": folder_form if settings.MUSIC_FOLDERS else None,
        "table_form": table_form,
    }
    refused = start is not None
    return render(request, "catalog/import_list.html", context, status=400 if refused else 200)


@curators
@require_safe
def import_detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far a run is and what was wrong; htmx asks for this again until it has ended."""
    run = get_object_or_404(imports_seen().select_related("by"), pk=run_id)
    pages = Paginator(run.problems.all(), PROBLEMS)
    context = {
        "run": run,
        "pace": pace_of(run),
        "problems": pages.get_page(request.GET.get("page")),
        "look_ms": LOOK_MS,
        "may_repeat": _may_repeat(run),
    }
    fragment = wants_fragment(request)
    name = "catalog/_import.html" if fragment else "catalog/import_detail.html"
    return render(request, name, context)


@curators
@require_POST
def import_stop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop a run; what it has imported stays."""
    run = get_object_or_404(imports_seen(), pk=run_id)
    if import_cancel(run=run):
        tell(request, _("The import is stopped. What it had imported stays."))
    else:
        tell(request, _("The import had ended before."), error=True)
    return see_other(reverse("import_detail", args=[run.pk]))


@curators
@require_POST
def import_repeat(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Do again what a run did, or do what a dry run only tried."""
    run = get_object_or_404(imports_seen(), pk=run_id)
    if not _may_repeat(run):
        raise PermissionDenied
    if run.kind == ImportRun.Kind.TABLE:
        options = replace(TableOptions(**run.options), stamp=None)
        made = table_import_create(
            path=Path(run.path), name=run.name, by=curator_of(request), options=options
        )
    else:
        made = import_create(
            kind=run.kind, path=run.path, name=run.name, by=curator_of(request), options=run.options
        )
    return see_other(reverse("import_detail", args=[made.pk]))


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a run is, per second; `left` is None while that cannot be told."""

    share: float
    rate: float
    left: timedelta | None


def pace_of(run: ImportRun) -> Pace:
    """The pace of a run from its start to now, or to its end."""
    share = min(1.0, run.done / run.total) if run.total else 0.0
    if run.started_at is None or not run.done:
        return Pace(share, 0.0, None)
    took = ((run.finished_at or timezone.now()) - run.started_at).total_seconds()
    rate = run.done / max(took, 0.001)
    ahead = max(0, (run.total or 0) - run.done)
    running = run.state == ImportRun.State.RUNNING and run.total
    return Pace(share, rate, timedelta(seconds=round(ahead / rate)) if running else None)


def _folder_start(request: HttpRequest, wishes: dict[str, Any]) -> ImportRun:
    names = ("recursive", "mood_from_folder", "copy", "licence")
    return import_create(
        kind=ImportRun.Kind.FOLDER,
        path=wishes["path"],
        name=Path(wishes["path"]).name or wishes["path"],
        by=curator_of(request),
        options={**{name: wishes[name] for name in names}, "owner": None},
        dry_run="dry" in request.POST,
    )


def _table_start(request: HttpRequest, wishes: dict[str, Any]) -> ImportRun:
    file = wishes["file"]
    try:
        path = table_store(chunks=file.chunks(), name=file.name)
    except OSError as error:
        raise DomainError(
            "not_kept", _("The table could not be kept here. Is the disk full?"), 503
        ) from error
    return table_import_create(
        path=path,
        name=file.name,
        by=curator_of(request),
        options=TableOptions(
            format=wishes["format"], licence=wishes["licence"], update=wishes["update"]
        ),
        dry_run="dry" in request.POST,
    )


def _may_repeat(run: ImportRun) -> bool:
    """Whether curators may start this anew: it has ended, and lies where they may import from."""
    if run.finished_at is None:
        return False
    if run.kind == ImportRun.Kind.TABLE:
        return is_below(run.path, str(uploads_folder().resolve())) and Path(run.path).exists()
    folders = [str(Path(one).resolve()) for one in settings.MUSIC_FOLDERS]
    return any(is_below(run.path, one) for one in folders)
