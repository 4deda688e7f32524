"""The files that a study names, found beside it and hashed: they are part of what it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cat.simulation.study.fields import Fields


class Sources:
    """Files beside a study.

    folder : where relative names start.
    digests : name in the study -> SHA-256, hexadecimal, of every file asked for so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}

    def path(self, fields: Fields, key: str) -> Path:
        """The file that a field names; raises BadInput when it cannot be read."""
        name = fields.text(key)
        path = self.folder / name
        try:
            self.digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise fields.problem(
                key, name, f"berkas tidak dapat dibaca ({error.strerror})"
            ) from error
        return path
