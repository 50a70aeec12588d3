"""The map, the gaps, the licences and the agreement of curators."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.desk import plane, reports
from catalog.desk.access import curators
from catalog.desk.agreement import agreements
from catalog.models import Mood

PAGE = 50


@curators
@require_safe
def mood_map(request: HttpRequest) -> HttpResponse:
    """The whole catalogue, or one mood of it, on the valence-arousal plane."""
    mood = Mood.objects.filter(slug=request.GET.get("mood", "")).first()
    counts = plane.density(mood=mood.slug if mood else "")
    context = {
        "cells": plane.CELLS,
        "middle": plane.CELLS / 2,
        "drawing": plane.drawing(counts),
        "table": plane.table(counts),
        "places": plane.places(),
        "count": int(counts.sum()),
        "moods": Mood.objects.all(),
        "mood": mood,
    }
    return render(request, "catalog/desk_map.html", context)


@curators
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """What every mood has and lacks."""
    return render(request, "catalog/desk_gaps.html", reports.gaps())


@curators
@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """Cohen's kappa of first and second labels."""
    overall, *moods = agreements()
    return render(request, "catalog/desk_agreement.html", {"overall": overall, "moods": moods})


@curators
@require_safe
def licences(request: HttpRequest) -> HttpResponse:
    """Songs for each licence, and those that lack one."""
    page = Paginator(reports.songs_lacking(), PAGE).get_page(request.GET.get("page"))
    return render(request, "catalog/desk_licences.html", {**reports.licences(), "page": page})


class _Echo:
    """A file for csv that hands each line straight on."""

    def write(self, line: str) -> str:
        return line


@curators
@require_safe
def licences_csv(request: HttpRequest) -> HttpResponse:
    """All songs without licence or credit, as CSV, line by line."""
    writer = csv.writer(_Echo())
    lines: Iterator[str] = (writer.writerow(row) for row in reports.lacking_rows())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="licences.csv"'
    return response  # type: ignore[return-value]
