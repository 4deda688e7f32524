"""How fast and how precise is the engine, beside its peers, on this machine?

Every program gets one thread. Numerical libraries read these variables when they are first loaded,
so they are set here, before any module of this package can import numpy.
"""

import os

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",  # catsim
    "RAYON_NUM_THREADS",  # the Rust part of mirt
)

for _name in THREAD_VARIABLES:
    os.environ[_name] = "1"
