"""Typed readers of the environment, with errors that name the variable and what it may be."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path


class SettingError(ValueError):
    """A setting is wrong; the message names the variable, its value and the cure."""


class Environment:
    """Reads variables and remembers their names, so that a misspelt one can be reported."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = os.environ if values is None else values
        self.known: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """The value, stripped; `default` when unset or empty."""
        self.known.add(name)
        return self.values.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        """True for 1/true/yes/on, False for 0/false/no/off."""
        raw = self.text(name).lower()
        if not raw:
            return default
        if raw in {"1", "true", "yes", "on"}:
            return True
        if raw in {"0", "false", "no", "off"}:
            return False
        raise SettingError(f"{name}={raw!r}: use 1/true/yes/on or 0/false/no/off.")

    def integer(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number within `least`..`most`."""
        raw = self.text(name)
        try:
            value = int(raw) if raw else default
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise SettingError(f"{name}={raw!r}: use a whole number from {least} to {most}.")
        return value

    def path(self, name: str, default: Path) -> Path:
        """An absolute path; `~` is expanded."""
        raw = self.text(name)
        return Path(raw).expanduser().absolute() if raw else default

    def words(self, name: str) -> list[str]:
        """A comma-separated list."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of `allowed`."""
        value = self.text(name, default)
        if value not in allowed:
            raise SettingError(f"{name}={value!r}: use one of {', '.join(allowed)}.")
        return value

    def refuse_unknown(self, prefix: str) -> None:
        """Raise for a variable with our prefix that nothing reads: a typo would be silent else."""
        for name in sorted(self.values):
            if name.startswith(prefix) and name not in self.known:
                close = difflib.get_close_matches(name, sorted(self.known), n=1)
                hint = f"Did you mean {close[0]}?" if close else "See docs/configuration.md."
                raise SettingError(f"{name} is not a setting of MoodMusic. {hint}")


def child_environment(**changes: str) -> dict[str, str]:
    """This process's environment with `changes`, for a process to be started."""
    return {**os.environ, **changes}


def quieten_libraries() -> None:
    """Keep TensorFlow's start-up notes out of the log, unless the caller asked for them."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
