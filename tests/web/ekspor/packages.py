"""What the tests of exports do with the packages they make."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.web.ekspor.rows import START
from web.operations import signing
from web.operations.ekspor.checking import check
from web.operations.ekspor.datasets import DATASETS
from web.operations.ekspor.datasets.source import Filters
from web.operations.ekspor.formats import FORMATS
from web.operations.ekspor.making import Plan
from web.operations.ekspor.packing import MANIFEST, Stamp

SEED, OTHER_SEED = bytes(range(32)), bytes(32)
PUBLIC = signing.public_key(SEED)
STAMP = Stamp(START, "staf")
BLOCK = 7


def plan(dataset: str, code: str, **filters: object) -> Plan:
    return Plan(DATASETS[dataset], Filters(**filters), FORMATS[code])


def content_of(package: Path) -> bytes:
    """The file with the rows."""
    with zipfile.ZipFile(package) as archive:
        return archive.read(archive.namelist()[0])


def manifest_of(package: Path) -> dict:
    with zipfile.ZipFile(package) as archive:
        return json.loads(archive.read(MANIFEST))


def findings(package: Path, public: str = PUBLIC) -> list[str]:
    return list(check(package, public).findings)
