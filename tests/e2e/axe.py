"""What axe holds against a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

#: Faults of this weight keep people out.
HEAVY = {"serious", "critical"}


def faults(
    window: Any, *, head: str | None = None, options: dict[str, Any] | None = None
) -> list[str]:
    """One line for each heavy fault of the page in `window`, with its first places.

    The page's policy lets no script of ours in: its context must have been made with `bypass_csp`.
    `head` is the part to look at where the rest belongs to a package.
    """
    found = Axe().run(window, context=head, options=options).response["violations"]
    return [
        f"{one['id']} on {window.url}: "
        + "; ".join(f"{node['target'][0]} {node['html'][:120]}" for node in one["nodes"][:4])
        for one in found
        if one["impact"] in HEAVY
    ]
