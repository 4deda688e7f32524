"""One sitting: its record, its state, the legal moves, its outcome and its audit.

The record (terms and events) is all that is stored; everything else is a pure function of it.
"""
