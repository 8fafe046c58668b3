#!/bin/sh
# Tasks t3, t3b and t5: numpy (and iminuit where it is installed) and Gbi.MLNet on the same events, two threads, three rounds in turn.
# Run: run.sh [FOLDER]. A folder that holds reference.json and reference_t3b.json also gets the deviations from them.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/../bench.sh"
folder=${1-$root/artifacts/t3}
python=/usr/bin/python3 # Debian's packages belong to Debian's Python

mkdir -p -- "$folder"
folder=$(CDPATH='' cd -- "$folder" && pwd)
[ -f "$folder/t5/ratio.f32" ] || "$python" "$here/gen.py" "$folder"

export DOTNET_PROCESSOR_COUNT=2 OMP_NUM_THREADS=2 PYTHONDONTWRITEBYTECODE=1
echo "$(machine)."
for round in 1 2 3; do
    echo "round $round" >&2
    "$python" "$here/bench_numpy.py" "$folder"
    bench t3 "$folder"
    bench t5 "$folder/t5"
done
echo "Load at the end: $(cut -d' ' -f1 /proc/loadavg)."
