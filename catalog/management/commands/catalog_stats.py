"""`manage.py catalog_stats`: what the catalogue has and lacks, and whether curators agree."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.desk.agreement import agreements
from catalog.desk.queue import waiting_counts
from catalog.desk.reports import gaps, licences


class Command(BaseCommand):
    help = "Songs, artists and languages of each mood, what waits for curators, their agreement."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--assert-min", type=int, metavar="N", help="fail unless every mood has N songs"
        )
        parser.add_argument(
            "--assert-artists", type=int, metavar="N", help="fail unless every mood has N artists"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = gaps()
        waiting, agreement, licence = waiting_counts(), agreements(), licences()
        if options["json"]:
            whole = {**report, "waiting": waiting, "agreement": agreement, "licences": licence}
            self.stdout.write(json.dumps(whole))
        else:
            self._print(report, waiting, agreement, licence)
        self._assert(report, options)

    def _print(
        self,
        report: dict[str, Any],
        waiting: dict[str, int],
        agreement: list[dict[str, Any]],
        licence: dict[str, Any],
    ) -> None:
        write = self.stdout.write
        write(f"{report['songs']} songs, {report['unlabelled']} without a mood")
        write(f"{'mood':<12} {'songs':>8} {'artists':>8}  languages")
        for row in report["moods"]:
            spoken = ", ".join(f"{name} {n}" for name, n in row["languages"].items()) or "unknown"
            write(f"{row['slug']:<12} {row['songs']:>8} {row['artists']:>8}  {spoken}")
        write("waiting: " + ", ".join(f"{name} {n}" for name, n in waiting.items()))
        write(
            f"licences: {licence['unlicensed']} songs without one, {licence['uncredited']} without"
            " credit"
        )
        write(f"{'kappa':<12} {'songs':>8} {'equal':>8} {'kappa':>8}  95 % interval")
        for row in agreement:
            told = "of no two labels" if row["kappa"] is None else f"{row['kappa']:>8.3f}"
            equal = "" if row["observed"] is None else f"{row['observed']:.3f}"
            if row["low"] is not None:
                told += f"  {row['low']:.3f} to {row['high']:.3f}"
            write(f"{row['slug'] or 'all':<12} {row['n']:>8} {equal:>8} {told}")

    def _assert(self, report: dict[str, Any], options: dict[str, Any]) -> None:
        missed = [
            f"{row['slug']} has {row[what]} {what} of {options[option]}"
            for option, what in (("assert_min", "songs"), ("assert_artists", "artists"))
            if options[option] is not None
            for row in report["moods"]
            if row[what] < options[option]
        ]
        if missed:
            raise CommandError("; ".join(missed))
