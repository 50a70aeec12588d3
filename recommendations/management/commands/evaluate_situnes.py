"""`manage.py evaluate_situnes FOLDER`: both tasks of the public SiTunes data, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "How well likes and changes of mood are told on the public SiTunes data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        from ml.recommend.proof.situnes import SitunesError
        from ml.recommend.proof.situnes_run import evaluate, table

        try:
            found = evaluate(options["folder"])
        except SitunesError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(table(found)))
