"""Invented agencies, people and exams, so that no page of a demonstration is empty."""
