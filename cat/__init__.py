"""The measuring engine of CAT CPNS: response models, ability, item choice, exam, rules.

Knows no web framework and, outside its item-bank tables, no database.
"""
