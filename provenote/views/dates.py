"""Dates that notes give themselves."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

PUBLISHED = ("date", "created")
UPDATED = ("updated", "modified", "lastmod")


def dated(properties: Mapping[str, Any], names: Sequence[str]) -> datetime | None:
    """The first of these properties that is a date; one without a zone counts as UTC."""
    for name in names:
        moment = _moment(properties.get(name))
        if moment is not None:
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None
