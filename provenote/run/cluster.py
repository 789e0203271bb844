"""Sessions on a Dask cluster: each worker has a server of its own, as a build has one here.

Dask decides where a session runs, and runs it elsewhere should its worker be lost. The
project has to lie at the same path everywhere, on a shared file system or as a checkout.
So that a result still depends on what it is said to depend on, a worker says in which state
it found each file and package, and a difference to the state here fails the session.
"""

import queue
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypedDict

import distributed

from provenote.run import fingerprint
from provenote.run.pool import Pool
from provenote.run.protocol import Document, Report, Request, stillborn
from provenote.run.state import Dependency, Now

_PATIENCE = "10s"
"""How long a scheduler may take to answer."""


class Found(TypedDict):
    """What a worker sends back."""

    worker: str
    system: list[str]
    """Its Python and its engine."""
    report: Report
    states: list[tuple[str, str, str]]
    """Of each thing that the session was seen to use: kind, name, state."""


class Servers(distributed.WorkerPlugin):
    """What runs sessions in a worker of Dask; ends with the build, or with the worker."""

    def __init__(self, name: str) -> None:
        self.name = name

    def setup(self, worker: distributed.Worker) -> None:
        """Begin with no server; the first session starts it."""
        self._address = worker.address
        self._idle: queue.SimpleQueue[Pool] = queue.SimpleQueue()

    def teardown(self, worker: distributed.Worker) -> None:
        """End the servers that wait for more to do."""
        while not self._idle.empty():
            self._idle.get().close()

    def run(self, request: Request) -> Found:
        """Run a session in a server that has nothing else to do."""
        try:
            pool = self._idle.get_nowait()
        except queue.Empty:
            pool = Pool(jobs=1)
        try:
            ((_, report),) = pool.run([request])
        finally:
            self._idle.put(pool)
        return Found(
            worker=self._address,
            system=fingerprint.system(),
            report=report,
            states=_states(request, report),
        )


def _states(request: Request, report: Report) -> list[tuple[str, str, str]]:
    now = Now(Path(request.project))
    observed = report.get("observed")
    used = fingerprint.used(observed, request.depends, now) if observed else ()
    return [(one.kind, one.name, now.state(one)) for one in sorted(used)]


def _perform(name: str, document: Document) -> Found:
    """The task, as a worker runs it."""
    servers: Any = distributed.get_worker().plugins[name]
    found: Found = servers.run(Request.from_json(document))
    return found


class Cluster:
    """Runs sessions on the workers of a scheduler, or of a cluster made for trying it."""

    def __init__(self, address: str, jobs: int) -> None:
        self._address, self._jobs = address, jobs
        self._plugin = f"provenote-{uuid.uuid4()}"  # two builds may use one cluster
        self._local: distributed.LocalCluster | None = None
        self._client: distributed.Client | None = None

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[str, Report]]:
        """Each request's id and report, in the order in which they end."""
        try:
            client = self._connected()
        except OSError:
            cause = f"no Dask scheduler answers at {self._address}"
            yield from ((request.id, stillborn(cause)) for request in requests)
            return
        # The first is the longest; later ones must not overtake it.
        futures = {
            client.submit(
                _perform, self._plugin, request.to_json(), pure=False, priority=-number
            ): request
            for number, request in enumerate(requests)
        }
        for future in distributed.as_completed(futures, loop=client.loop):
            yield futures[future].id, _report(futures[future], future)

    def _connected(self) -> distributed.Client:
        if self._client is None:
            where: Any = self._address
            if not where:
                where = self._local = distributed.LocalCluster(
                    n_workers=self._jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                )
            self._client = distributed.Client(where, timeout=_PATIENCE, set_as_default=False)
            self._client.register_plugin(Servers(self._plugin))
        return self._client

    def close(self) -> None:
        """End our servers on all workers; what the build did not wait for is not run."""
        client, self._client = self._client, None
        if client is not None:
            client.unregister_worker_plugin(self._plugin)
            client.close()
        if self._local is not None:
            self._local.close()
            self._local = None


def _report(request: Request, future: distributed.Future[Found]) -> Report:
    try:
        found = future.result()
    except Exception as error:
        return stillborn(f"no worker could run it: {type(error).__name__}: {error}")
    differing = _differing(request, found)
    return stillborn(differing) if differing else found["report"]


def _differing(request: Request, found: Found) -> str:
    """Why what a worker found is not what would be found here; empty if it is."""
    if found["system"] != fingerprint.system():
        return f"{found['worker']} has another Python or another Provenote"
    now = Now(Path(request.project))
    for kind, name, state in found["states"]:
        if now.state(Dependency(kind, name)) != state:
            return f"{found['worker']} found {name} in another state than it has here"
    return ""
