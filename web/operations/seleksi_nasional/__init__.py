"""The selection of a whole year at once, from the tables of the platform through `cat.seleksi`."""
