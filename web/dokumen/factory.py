"""Many documents at once: set in several processes, sealed in one."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from threading import Thread

from cat.errors import CannotBePrinted
from web.dokumen.record import SignedRecord
from web.dokumen.typeset import Printed, Sheet, Stamp, print_sheet, seal

# Below this, starting another process costs more than it saves.
FEW = 24
_CHUNK = 8

Order = tuple[Sheet, Stamp]
# A finished PDF with its record, or why there is none.
Made = tuple[bytes, SignedRecord] | CannotBePrinted


class Factory:
    """Makes PDFs; processes start with the first large batch and end with the `with` block."""

    def __init__(self, processes: int | None = None) -> None:
        """processes : how many to use; None for one on each core that this process may use."""
        self._processes = processes or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Factory:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def make(self, orders: list[Order], seed: bytes) -> Iterator[Made]:
        """The finished PDF of each order with its record, in the order given.

        A document that cannot be printed does not stop the others.

        seed : of the signing key; it never leaves this process.
        """
        printed = map(_print, orders) if self._is_few(orders) else self._parallel(orders)
        for (sheet, stamp), pages in zip(orders, printed, strict=True):
            if isinstance(pages, CannotBePrinted):
                yield pages
            else:
                yield seal(sheet, stamp, pages, seed)

    def _is_few(self, orders: list[Order]) -> bool:
        return self._processes == 1 or (self._pool is None and len(orders) < FEW)

    def _parallel(self, orders: list[Order]) -> Iterator[Printed | CannotBePrinted]:
        if self._pool is None:
            # A fresh interpreter, because a server with threads must not be forked.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=context, initializer=_end_with_parent
            )
        return self._pool.map(_print, orders, chunksize=_CHUNK)


def _end_with_parent() -> None:
    """Let a worker end when whoever started it is killed; nobody else would tell it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()


def _print(order: Order) -> Printed | CannotBePrinted:
    try:
        return print_sheet(*order)
    except CannotBePrinted as error:
        return error
