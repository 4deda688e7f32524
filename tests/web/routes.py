"""Compiles each route once for all the applications that a run of the tests makes.

Most of what `create_app` costs is the building of address builders, the same ones each time.
"""

from __future__ import annotations

from werkzeug.routing.rules import Rule

_compiled: dict[object, object] = {}


def compile_once() -> None:
    """From here on equal rules share their compiled builders; compiling them again would do."""
    compile_builder = Rule._compile_builder
    if compile_builder.__name__ == "remembered":
        return

    def remembered(self: Rule, append_unknown: bool = True):
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in _compiled:
            _compiled[key] = compile_builder(self, append_unknown)
        return _compiled[key]

    Rule._compile_builder = remembered
