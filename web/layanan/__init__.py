"""Serving the platform: limits that processes share, logs, readiness, figures for Prometheus."""
