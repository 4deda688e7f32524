#!/bin/sh
# Installs Debian packages that are missing: need.sh PACKAGE[:PROBE] ...
# PROBE is a command on the path, or a folder; with it nothing is done when it is already there.
set -eu
missing=""
for wanted in "$@"; do
    package=${wanted%%:*}
    probe=${wanted#*:}
    if [ "$probe" = "$wanted" ] || ! { command -v "$probe" >/dev/null 2>&1 || [ -d "$probe" ]; }; then
        missing="$missing $package"
    fi
done
[ -n "$missing" ] || exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
echo "Memasang paket sistem:$missing" >&2
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
