"""Security headers of every reply."""

from __future__ import annotations

from flask import Flask, Response, request

# The editor shows a draft in a frame, as the candidate will see it: no other page frames anything.
FRAMING = frozenset({"writer.draft", "writer.edit", "writer.upload"})
FRAMED = frozenset({"writer.shown"})
# Replies that a browser may keep, as they themselves say.
KEPT = frozenset({"static", "media.picture", "candidate.script", "candidate.sheet"})

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def add(app: Flask) -> None:
    """Add the headers to every reply of the application."""

    @app.after_request
    def secure(response: Response) -> Response:
        policy, framed_by = POLICY, "DENY"
        if request.endpoint in FRAMING:
            policy = f"{POLICY}; frame-src 'self'"
        elif request.endpoint in FRAMED:
            policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            framed_by = "SAMEORIGIN"
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = framed_by
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if request.endpoint not in KEPT:
            # An item must not stay behind in the cache of an exam computer.
            response.headers["Cache-Control"] = "no-store"
        return response
