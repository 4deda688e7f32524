#!/bin/sh
# Makes the virtual environment: venv.sh PYTHON FOLDER. Debian ships venv in a package of its own.
set -eu
"$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "CAT CPNS perlu Python 3.11 atau lebih baru; $1 lebih lama." >&2
    exit 1
}
"$1" -c 'import ensurepip' 2>/dev/null || "$(dirname "$0")/need.sh" python3-venv
"$1" -m venv "$2"
