"""Who does the work: this process, several on this machine, or a Dask cluster.

The same function runs on the same bytes everywhere, so that it makes no difference to the results.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from cat.errors import BadInput, CatError
from cat.simulation.running.chunks import Chunk
from cat.simulation.running.engine_version import engine_version
from cat.simulation.running.worker import Task, simulate_chunk

# What the processes of workers start with. Each gets one core: more threads for linear algebra
# would only get into each other's way. And glibc keeps the memory that a step gives back: it would
# else be fetched from the system again at every step, which took two thirds of a worker's time.
WORKER_SETTINGS = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    **dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(2**30)),
}
CONNECT_SECONDS = 15
WAIT_FOR_WORKERS_SECONDS = 60

# The work is made only once it is known that there are workers: making it may take minutes.
MakeWork = Callable[[], bytes]
Finished = Iterator[tuple[Chunk, bytes]]


def run_here(work: MakeWork, tasks: Sequence[Task]) -> Finished:
    """Do the tasks in this process, one after another; yields each chunk with its file."""
    made = work()
    for task in tasks:
        yield task.chunk, simulate_chunk(made, task)


def run_local(work: MakeWork, tasks: Sequence[Task], workers: int) -> Finished:
    """Do the tasks in several processes of this machine; yields chunks as they are done.

    Raises CatError when a process is killed from outside.
    """
    context = multiprocessing.get_context("spawn")
    with (
        _worker_settings(),
        ProcessPoolExecutor(workers, context, initializer=_take, initargs=(work(),)) as pool,
    ):
        waiting = list(reversed(tasks))
        running: dict[Future[bytes], Chunk] = {}
        try:
            while waiting or running:
                with _interrupts_ignored():  # processes start with the first task
                    while waiting and len(running) < 2 * workers:
                        task = waiting.pop()
                        running[pool.submit(_simulate_taken, task)] = task.chunk
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        except BrokenProcessPool as error:
            raise CatError(
                "sebuah proses pekerja mati, mungkin karena memori habis; jalankan lagi perintah"
                " yang sama untuk melanjutkan"
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def run_dask(work: MakeWork, tasks: Sequence[Task], scheduler: str) -> Finished:
    """Do the tasks on a Dask cluster; yields chunks as they are done.

    scheduler : its address, "tcp://host:port".

    Raises BadInput when the library is missing, nobody answers at the address, or a worker does
    not have this engine.
    """
    try:
        # Imported here because only a cluster needs it, and by name because it has no types.
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise BadInput(
            f"--scheduler {scheduler}: perlu pustaka dask.distributed, yang belum terpasang"
        ) from error
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise BadInput(f"--scheduler {scheduler}: tidak dapat dihubungi ({error})") from error
    with client:
        _check_workers(client, scheduler)
        shared = client.scatter(work(), broadcast=True)
        # Not pure: Dask must not take the result of an earlier run from its own memory.
        futures = [
            client.submit(simulate_chunk, shared, task, pure=False, retries=2) for task in tasks
        ]
        chunks = {future.key: task.chunk for future, task in zip(futures, tasks, strict=True)}
        try:
            for future in distributed.as_completed(futures, loop=client.loop):
                yield chunks[future.key], future.result()
                future.release()
        finally:
            client.cancel(futures)


def _check_workers(client: Any, scheduler: str) -> None:
    """Refuse a cluster without workers, or whose workers do not have this engine."""
    try:
        client.wait_for_workers(1, timeout=WAIT_FOR_WORKERS_SECONDS)
    except TimeoutError as error:
        raise BadInput(
            f"--scheduler {scheduler}: belum ada pekerja setelah {WAIT_FOR_WORKERS_SECONDS} detik"
        ) from error
    mine = engine_version()
    found = client.run(engine_version, on_error="return")
    for address, version in found.items():
        if version != mine:
            answer = "versi mesin lain" if isinstance(version, str) else repr(version)
            raise BadInput(
                f"--scheduler {scheduler}: pekerja {address} tidak memakai paket yang sama:"
                f" {answer}"
            )


_taken: list[bytes] = []


def _take(work: bytes) -> None:
    """Keep the work of this process, which then need not travel with every task."""
    _taken[:] = [work]


def _simulate_taken(task: Task) -> bytes:
    return simulate_chunk(_taken[0], task)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Let processes that start meanwhile ignore Ctrl-C from their first moment: it reaches every
    process of a terminal, and only the first one shall act on it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _worker_settings() -> Iterator[None]:
    """Let processes that start meanwhile start with the settings of workers."""
    before = {name: os.environ.get(name) for name in WORKER_SETTINGS}
    os.environ.update(WORKER_SETTINGS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
