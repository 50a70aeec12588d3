"""`manage.py import_songs`: make songs of a table or a playlist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalog.models import ImportRun
from catalog.services.imports import import_cancel, import_claim, import_work
from catalog.services.tables import TableOptions, table_import_create
from catalog.tables.formats import FORMATS
from moodmusic.problems import DomainError

#: Problems shown of an import; the rest is counted.
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import songs from a table (CSV, TSV; Spotify features, FMA, Echo Nest, MTG-Jamendo, our "
        "own export) or a playlist (JSPF, XSPF, M3U), plain or .gz. Safe to repeat: songs that "
        "are there already are found again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=FORMATS, default="auto")
        parser.add_argument("--dry-run", action="store_true", help="Say what it would do, only.")
        parser.add_argument(
            "--licence", default="", metavar="SPDX", help="Of songs whose rows name none."
        )
        parser.add_argument(
            "--origin", default="", metavar="NAME", help="Where the songs' ids come from."
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="OURS=THEIRS",
            help="Heading of one of our columns, such as title=Song; may be repeated.",
        )
        parser.add_argument(
            "--update",
            action="store_true",
            help="Let the table's values replace those of songs that are there already.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        columns = {}
        for pair in options["column"]:
            ours, equals, theirs = pair.partition("=")
            if not equals or not theirs:
                raise CommandError(f"--column wants OURS=THEIRS, not {pair!r}.")
            columns[ours.strip()] = theirs.strip()
        if len(options["origin"]) > 40 or len(options["licence"]) > 60:
            raise CommandError("--origin takes 40 characters at most, --licence 60.")
        try:
            created = table_import_create(
                path=options["file"],
                by=None,
                options=TableOptions(
                    format=options["format"],
                    licence=options["licence"],
                    origin=options["origin"],
                    columns=columns,
                    update=options["update"],
                ),
                dry_run=options["dry_run"],
                rung=False,
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        run = import_claim(run_id=created.pk, alone=False)
        if run is None:
            raise CommandError("A worker took the import over; see the import's page.")
        self._work(run, options["verbosity"])
        run.refresh_from_db()
        self._problems(run)
        if run.state != ImportRun.State.DONE:
            raise CommandError(run.message or "The import broke off; the log says why.")
        if options["verbosity"] >= 1:
            self.stdout.write(outcome_of(run))

    def _work(self, run: ImportRun, verbosity: int) -> None:
        with tqdm(desc=run.name, unit=" rows", leave=False, disable=verbosity < 1) as bar:

            def progress(run: ImportRun) -> None:
                bar.total = run.total
                bar.update(run.done - bar.n)

            try:
                import_work(run=run, progress=progress)
            except KeyboardInterrupt:
                import_cancel(run=run)
                raise CommandError(
                    f"Stopped after {run.done:,} rows, which are kept. Run it again to go on."
                ) from None

    def _problems(self, run: ImportRun) -> None:
        count = run.problems.count()
        for one in run.problems.all()[:SHOWN]:
            place = one.place if one.place == "file" else f"line {one.place}"
            self.stderr.write(f"{place}: {one.detail}")
        if count > SHOWN:
            self.stderr.write(f"... and {count - SHOWN:,} more problems.")


def outcome_of(run: ImportRun) -> str:
    """What an import did, or would do, in one line."""
    done = "Would add" if run.dry_run else "Added"
    return (
        f"{done} {run.created:,} songs of {run.done:,} rows; {run.updated:,} updated, "
        f"{run.unchanged:,} unchanged, {run.refused:,} refused."
    )
