"""What a worker measures files with: one child process, one model of moods, both kept.

Nothing heavy is loaded here; the child process (`ml.audio.measurer`) loads librosa.
"""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from ml.audio.measurer import Measurer
from ml.audio.reading import REASONS as FILE_REASONS
from ml.mood.suggest import HOME, Suggester

#: Why an analysis failed: code -> words for people.
REASONS: dict[str, str] = {
    **FILE_REASONS,
    "failed": "Measuring failed for a reason that lies with the server; the log says more.",
}
#: Of these another attempt may end otherwise; the others lie in the file.
PASSING = frozenset({"crashed", "failed"})

_lock = threading.Lock()
_measurer: Measurer | None = None
_suggesters: dict[tuple[Path, int], Suggester] = {}


def measurer() -> Measurer:
    """This process's measurer; its child starts with the first file."""
    global _measurer
    with _lock:
        if _measurer is None:
            _measurer = Measurer()
        return _measurer


def suggester() -> Suggester:
    """The model that suggests moods: this installation's own, if one was fitted, else ours.

    Raises
    ------
    ml.artifacts.ArtifactError
        When the file is missing or damaged.
    """
    own = Path(settings.MODELS_DIR) / HOME.name
    path = own if own.is_file() else HOME
    key = path, path.stat().st_mtime_ns if path.exists() else 0
    with _lock:
        if key not in _suggesters:
            _suggesters.clear()
            _suggesters[key] = Suggester.load(path)
        return _suggesters[key]
