"""The life of an item: who moved it on, said what, opened it, and what is being written."""
