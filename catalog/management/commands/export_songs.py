"""`manage.py export_songs`: the catalogue as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.exports import song_records
from catalog.models import Mood
from catalog.tables.writing import WRITERS


class Command(BaseCommand):
    help = (
        "Write the catalogue to a file or to standard output. Imported elsewhere with "
        "import_songs, it gives the same songs, moods and judgements; audio files stay here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=sorted(WRITERS), default="csv")
        parser.add_argument("--output", type=Path, help="Standard output without it.")
        parser.add_argument(
            "--mood", action="append", default=[], help="Only songs with it; may be repeated."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(Mood.objects.values_list("slug", flat=True))
        for slug in options["mood"]:
            if slug not in known:
                raise CommandError(f"There is no mood {slug}: {', '.join(sorted(known))}.")
        write, _, _ = WRITERS[options["format"]]
        pieces = write(song_records(moods=options["mood"]), name="MoodMusic", own=True)
        if options["output"] is None:
            for piece in pieces:
                self.stdout.write(piece, ending="")
            return
        target: Path = options["output"]
        # Whoever finds the file finds all of it.
        part = target.with_name(f"{target.name}.part")
        try:
            with part.open("w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
            part.replace(target)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
