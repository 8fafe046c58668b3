#!/bin/sh
# Task t1 side by side: XGBoost, scikit-learn and Gbi.MLNet on the same files with two threads. Run: run.sh [FOLDER]
# Installs Debian packages where they are missing, which needs root.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/../bench.sh"
folder=${1-$root/artifacts/t1}
threads=2
python=/usr/bin/python3 # Debian's packages belong to Debian's Python
packages='python3-numpy python3-sklearn python3-xgboost libopenblas0-openmp'

# shellcheck disable=SC2086 # one word a package
dpkg -s $packages >/dev/null 2>&1 || apt-get install -y --no-install-recommends $packages >&2

mkdir -p -- "$folder"
folder=$(CDPATH='' cd -- "$folder" && pwd)
[ -f "$folder/xtest.f32" ] || "$python" "$here/gen.py" "$folder"

export OMP_NUM_THREADS=$threads DOTNET_PROCESSOR_COUNT=$threads PYTHONDONTWRITEBYTECODE=1
echo "$(machine)."
echo '1,000,000 events of 10 features, 100 trees of 31 leaves; 3 rounds, in each of which every program runs once.'
echo
for round in 1 2 3; do
    echo "round $round" >&2
    "$python" "$here/bench_xgboost.py" "$folder" "$threads"
    "$python" "$here/bench_sklearn.py" "$folder" "$threads"
    bench t1 "$folder"
done | "$python" "$here/table.py"
echo
echo "Load at the end: $(cut -d' ' -f1 /proc/loadavg)."
