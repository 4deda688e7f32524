"""Calibration runs, their proposals, and what an analyst made of them."""
