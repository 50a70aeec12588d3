"""The Celery application: JSON messages, two queues, the embedded transport by default."""

from __future__ import annotations

import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodmusic.settings")
TRANSPORT_ALIASES["embedded"] = "moodmusic.broker:Transport"
# Celery warns workers that run as root because pickled messages could run code; ours are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("moodmusic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
