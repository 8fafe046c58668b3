#!/bin/sh
# Ratios with default options where the exact one is known: scikit-learn, LightGBM's C library and Gbi.MLNet on the same files.
# Run: run.sh [FIRST [COUNT]] (seeds). Installs Debian packages where they are missing, which needs root; LightGBM comes by NuGet.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/../bench.sh"
folder=$root/artifacts/ratios
first=${1-101}
count=${2-5}
python=/usr/bin/python3 # Debian's packages belong to Debian's Python
packages='python3-numpy python3-sklearn'

# shellcheck disable=SC2086 # one word a package
dpkg -s $packages >/dev/null 2>&1 || apt-get install -y --no-install-recommends $packages >&2

export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE PYTHONDONTWRITEBYTECODE=1
bench ratio-defaults-export "$folder" "$first" "$count"
"$python" "$here/learn.py" "$folder" 1 >&2
echo "$(machine)."
bench ratio-defaults-peers "$folder" "$first" "$count"
