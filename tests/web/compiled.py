"""Compiles each route and each template once for all the applications that a test run makes.

Most of what `create_app` and a first page cost is compiling, the same things each time.
"""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing.rules import Rule

_builders: dict[object, object] = {}


class _Templates(BytecodeCache):
    """Compiled templates of this process, kept by their source."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if found := self.kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def compile_once() -> None:
    """From here on equal rules share their compiled builders, and equal templates their code;
    compiling them again would do.
    """
    compile_builder, create_environment = Rule._compile_builder, Flask.create_jinja_environment
    if compile_builder.__name__ == "remembered":
        return
    templates = _Templates()

    def remembered(self: Rule, append_unknown: bool = True):
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in _builders:
            _builders[key] = compile_builder(self, append_unknown)
        return _builders[key]

    def with_templates(self: Flask):
        environment = create_environment(self)
        environment.bytecode_cache = templates
        return environment

    Rule._compile_builder = remembered
    Flask.create_jinja_environment = with_templates
