"""`manage.py load_demo`: make songs of the generated demo catalogue."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.services import demo_load
from ml.audio.features_file import FeaturesFileError


class Command(BaseCommand):
    help = "Load the generated demo catalogue; safe to repeat, keeps what curators changed."

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(
            desc="Demo catalogue", unit=" songs", leave=False, disable=options["verbosity"] < 1
        ) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                made = demo_load(progress=progress)
            except FeaturesFileError as error:
                raise CommandError(str(error)) from error
        if options["verbosity"] >= 1:
            self.stdout.write(
                f"{made} songs added." if made else "The demo catalogue is already loaded."
            )
