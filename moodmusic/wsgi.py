"""WSGI entry point."""

from __future__ import annotations

import logging
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodmusic.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    """Call what settings.WEB_WARM_UP names, so that no visitor waits for it."""
    from django.conf import settings
    from django.db import connections
    from django.utils.module_loading import import_string

    for name in settings.WEB_WARM_UP:
        try:
            import_string(name)()
        except Exception:
            # Whatever it was, the first request meets it again, with an answer to give.
            logging.getLogger(__name__).warning("%s could not be warmed up", name, exc_info=True)
    connections.close_all()


threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
