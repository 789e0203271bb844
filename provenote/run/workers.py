"""Where sessions run: on this machine, or on a cluster. Both are asked in the same way."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from provenote.run.pool import Pool
from provenote.run.protocol import Report, Request
from provenote.settings import Executor, Settings


class Workers(Protocol):
    """Processes that run sessions; they stay for further ones until they are closed."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[str, Report]]:
        """Each request's id and report, in the order in which they end."""

    def close(self) -> None:
        """End all that runs."""


def workers(settings: Settings) -> Workers:
    """The workers that the settings ask for."""
    if settings.executor is Executor.DASK:
        from provenote.run.cluster import Cluster  # noqa: PLC0415 - not everyone has Dask

        return Cluster(settings.dask, settings.jobs)
    return Pool(settings.jobs)
