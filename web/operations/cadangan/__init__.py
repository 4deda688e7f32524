"""Backups: everything of a platform in one file, consistent while exams run, for any database."""
