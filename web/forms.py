"""What all forms share: only what a form sent, and Indonesian words for what is wrong with it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import IntegerField


class Form(FlaskForm):
    """A form that reads form fields only; files and JSON in their place are no answer."""

    class Meta(FlaskForm.Meta):
        """How the framework fills the form."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """The posted fields, or nothing."""
            if formdata is None or request.method in ("GET", "HEAD"):
                return None
            return request.form


class WholeNumber(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; refuses anything else in Indonesian."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text and not text.lstrip("-").isdecimal():
            raise ValueError("Harus bilangan bulat.")
        self.data = int(text[:12]) if text else None
