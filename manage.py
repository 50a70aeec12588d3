#!/usr/bin/env python
"""Django's command line for MoodMusic."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodmusic.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.configured or settings.DATA_DIR  # noqa: B018 - loads the settings
    except ImproperlyConfigured as error:
        sys.exit(f"MoodMusic cannot start: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
