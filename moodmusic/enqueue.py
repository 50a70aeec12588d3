"""The one way to ring a worker: after the transaction that wrote the row has committed."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

logger = logging.getLogger(__name__)


def ring(task: Any, *args: str | int) -> None:
    """Send `task` with ids as arguments once the current transaction commits.

    The row is the truth and the message only a doorbell: when the broker is down the message is
    lost, a warning is logged, and the sweeper rings again later.
    """

    def send() -> None:
        try:
            task.apply_async(args=args, retry=False)
        except Exception as error:
            # Any broker failure: the row stays, the sweeper repairs, the request must not fail.
            logger.warning("could not ring %s for %s: %s", task.name, args, error)

    transaction.on_commit(send)
