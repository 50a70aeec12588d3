"""Hindi. Django's has no format for a date with its time and falls back to the American one."""

from __future__ import annotations

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
YEAR_MONTH_FORMAT = "F Y"
SHORT_DATETIME_FORMAT = "d-m-Y H:i"
#: Lakh and crore: 12,34,567.
NUMBER_GROUPING = (3, 2, 0)
