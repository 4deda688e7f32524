"""Exports: documented tables that leave the platform with a signed manifest.

datasets/   which tables there are, with every column's type, unit and meaning
frames      rows of the database -> typed columns -> the written form that fingerprints stand on
formats/    one block of rows as XLSX, CSV, Parquet or JSON, and blocks joined to one file
making      blocks one after the other, in constant memory, going on after an interruption
packing     the signed manifest, and everything in one ZIP
checking    what was changed since, without a database; readback reads the files again
"""
