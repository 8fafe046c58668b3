#!/bin/sh
# The LHC Olympics search, supervised and weakly supervised: scikit-learn and Gbi.MLNet on the same events with two threads.
# Run: run.sh DATA. DATA holds sr_events.parquet and sr_signal.parquet. Installs Debian packages where they are missing, which needs root.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/../bench.sh"
data=$(CDPATH='' cd -- "$1" && pwd)
folder=$root/artifacts/lhco
threads=2
python=/usr/bin/python3 # Debian's packages belong to Debian's Python
packages='python3-numpy python3-sklearn'

# shellcheck disable=SC2086 # one word a package
dpkg -s $packages >/dev/null 2>&1 || apt-get install -y --no-install-recommends $packages >&2

export OMP_NUM_THREADS=$threads DOTNET_PROCESSOR_COUNT=$threads PYTHONDONTWRITEBYTECODE=1
bench lhco-export "$data" "$folder"
echo "$(machine)."
echo
echo '| | features | seed | SIC at 1e-3 | largest SIC | AUC | cross-fit, s | fraction (true 0.00632) | mean r before normalisation |'
echo '|---|---|---|---|---|---|---|---|---|'
for held_out in 0.1 0.5; do "$python" "$here/bench_sklearn.py" "$folder" "$held_out"; done
bench lhco "$data"
echo
echo '| | search | splits | largest SIC | SIC at 1e-3 | ε_S at ε_B = 0.1 | AUC | a split, s |'
echo '|---|---|---|---|---|---|---|---|'
"$python" "$here/bench_sklearn_weak.py" "$folder" 10 3
bench lhco-weak "$data"
echo
echo "Load at the end: $(cut -d' ' -f1 /proc/loadavg)."
