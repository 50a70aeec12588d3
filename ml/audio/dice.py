"""Seeded choices: the one source of chance in the demo catalogue."""

from __future__ import annotations

import random


def dice(*parts: object) -> random.Random:
    """Return a generator that depends on ``parts`` alone.

    The parts are joined as text, and Python seeds a text through SHA-512, so the choices are the
    same on every machine and in every process, whatever the hash seed is.
    """
    return random.Random("/".join(str(part) for part in parts))  # noqa: S311 - music, not secrets
