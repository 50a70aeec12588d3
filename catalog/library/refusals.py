"""Why a file is not taken, for programs and for people."""

from __future__ import annotations


class Refused(Exception):
    """A file that cannot be imported: a stable `code` and a sentence about it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
