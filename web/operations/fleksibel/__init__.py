"""Flexible work: versions of the policy, requests and their record, shares, simulation."""
