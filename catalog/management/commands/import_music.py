"""`manage.py import_music`: take a folder of music into the catalogue."""

from __future__ import annotations

import os
import re
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import User
from catalog.library.names import printable
from catalog.models import ImportRun
from catalog.services.folders import look_forget
from catalog.services.imports import import_cancel, import_claim, import_create, import_work

#: Seconds between two looks at the folder.
WATCH_S = 60
SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,59}")


class Command(BaseCommand):
    help = (
        "Import a folder of MP3, FLAC, OGG, Opus, M4A and WAV files; safe to repeat. Files without "
        "tags get artist and title from their name: 'Artist - Title', or Artist/Album/Title by "
        "folders, a track's number in front left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("path", help="the folder")
        add("--recursive", action="store_true", help="folders below it too")
        add(
            "--mood-from-folder",
            action="store_true",
            help="folders named after moods (happy, Sad ...) say the moods of the songs in them; "
            "those right below PATH are looked into in any case",
        )
        add("--copy", action="store_true", help="copy the files instead of playing them there")
        add("--dry-run", action="store_true", help="only say what would be done")
        add(
            "--watch",
            nargs="?",
            type=int,
            const=WATCH_S,
            metavar="SECONDS",
            help=f"look again every so many seconds (without a number: {WATCH_S}) until Ctrl-C",
        )
        add("--owner", metavar="EMAIL", help="whose songs they are; without it everybody's")
        add("--licence", default="", metavar="SPDX", help="of all these files, e.g. CC-BY-4.0")

    def handle(self, *args: Any, **options: Any) -> None:
        wishes = _wishes(options)
        seconds = options["watch"]
        if seconds is not None and seconds < 1:
            raise CommandError("--watch takes a number of seconds from 1 on.")
        try:
            run = self._import(options, wishes)
            while seconds is not None:
                time.sleep(seconds)
                look_forget(run=self._import(options, wishes))
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What was imported stays; run it again to go on.")
            return
        if run.state != ImportRun.State.DONE:
            raise CommandError(run.message or "The import did not end; the log says why.")

    def _import(self, options: dict[str, Any], wishes: dict[str, Any]) -> ImportRun:
        """One look at the folder, with a bar; returns how it ended."""
        path = os.path.realpath(options["path"])
        created = import_create(
            kind=ImportRun.Kind.FOLDER,
            path=printable(path),
            name=printable(path).rsplit("/", 1)[-1] or "/",
            by=None,
            options=wishes,
            dry_run=options["dry_run"],
            rung=False,
        )
        run = import_claim(run_id=created.pk, alone=False)
        assert run is not None  # noqa: S101 - nobody else has heard of it
        quiet = options["verbosity"] < 1
        try:
            with tqdm(desc=run.name, unit=" files", leave=False, disable=quiet or None) as bar:

                def progress(done: ImportRun) -> None:
                    bar.total = done.total
                    bar.update(done.done - bar.n)

                import_work(run=run, progress=progress)
        except BaseException:
            import_cancel(run=run)
            raise
        run.refresh_from_db()
        if not quiet:
            self._tell(run, options["verbosity"])
        return run

    def _tell(self, run: ImportRun, verbosity: int) -> None:
        for one in run.problems.all():
            self.stderr.write(f"{one.place}: {one.detail} [{one.code}]")
        words = "would be" if run.dry_run else "were"
        self.stdout.write(
            f"{run.done} files: {run.created} songs {words} created, {run.updated} files {words} "
            f"updated, {run.unchanged} unchanged, {run.refused} refused."
        )


def _wishes(options: dict[str, Any]) -> dict[str, Any]:
    """The run's options; raises CommandError for those that cannot be followed."""
    if not Path(options["path"]).is_dir():
        raise CommandError(f"{printable(options['path'])} is no folder.")
    if options["licence"] and not SPDX.fullmatch(options["licence"]):
        raise CommandError("--licence takes an SPDX identifier, such as CC-BY-4.0.")
    owner = None
    if options["owner"]:
        owner = User.objects.filter(email=options["owner"].lower()).first()
        if owner is None:
            raise CommandError(f"There is no account of {options['owner']}.")
    return {
        "recursive": options["recursive"],
        "mood_from_folder": options["mood_from_folder"],
        "copy": options["copy"],
        "owner": owner.pk if owner else None,
        "licence": options["licence"],
    }
