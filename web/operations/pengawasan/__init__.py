"""Watching over a sesi: where every seat stands, and what a proctor may do about it."""
