"""`manage.py eval_music_mood TABLE`: precision, recall and F1 of each mood told from features."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "How well moods are told from the features of a labelled table, per mood."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("songs", type=Path, help="CSV with mood, artist and features")
        parser.add_argument("--seeds", type=int, default=1, choices=range(1, 11), metavar="1..10")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        from ml.artifacts import ArtifactError
        from ml.mood.proof.songs import SongsError
        from ml.mood.told.report import figures, lines

        try:
            found = figures(options["songs"], seeds=options["seeds"])
        except (SongsError, ArtifactError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(found) if options["json"] else "\n".join(lines(found)))
