"""The product's settings with a private data directory for this test process.

Every pytest-xdist worker is a process of its own and so gets a directory, and thereby a database
file and a secret key, of its own. `DATABASE_URL` is honoured, so that the same tests run on
PostgreSQL; every other product setting of the caller's shell is set aside.
"""

import atexit
import os
import shutil
import tempfile

#: Settings the caller may give to the tests.
_KEPT = {
    "MOODMUSIC_DATA",
    "MOODMUSIC_EMOTION_WEIGHTS",
    "MOODMUSIC_FACE_DETECTOR_MODEL",
    "MOODMUSIC_TEST_BROWSER",
    "MOODMUSIC_TEST_PROGRAMS",
    "MOODMUSIC_TEST_SERVICES",
}

for _name in list(os.environ):
    if _name.startswith("MOODMUSIC_") and _name not in _KEPT:
        del os.environ[_name]
_home = tempfile.mkdtemp(prefix="moodmusic-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["MOODMUSIC_DATA_DIR"] = _home
os.environ["MOODMUSIC_BROKER_URL"] = "memory://"
os.environ["CACHE_URL"] = "locmem://"
os.environ["MOODMUSIC_LOG_LEVEL"] = "WARNING"

from moodmusic.settings import *  # noqa: E402, F403
from moodmusic.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

# Pages in tests name plain files: no collectstatic has run, so there is no manifest.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# A good password hash costs a tenth of a second, which the tests would pay for every account.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Lists of the same input draw the same songs to try out.
LIST_SEED = 0
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because connections of several threads to one in-memory database lock each other
    # out in a way that busy_timeout does not heal.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # What a test committed need not outlive a power cut.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
