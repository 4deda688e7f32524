"""Blueprints, publication of pools by two people, and the health of the bank."""
