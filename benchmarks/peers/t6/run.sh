#!/bin/sh
# Task t6: parametric trees of Gbi.MLNet on two threads, three runs of fifteen repetitions, one line of JSON each. Run: run.sh [FOLDER]
# Needs numpy for gen.py. The peer's figures stand in benchmarks/README.md; it is no package that could be installed here.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/../bench.sh"
folder=${1-$root/artifacts/t6}
python=/usr/bin/python3 # Debian's packages belong to Debian's Python

mkdir -p -- "$folder"
folder=$(CDPATH='' cd -- "$folder" && pwd)
[ -f "$folder/xtest.f32" ] || "$python" "$here/gen.py" "$folder"

export DOTNET_PROCESSOR_COUNT=2 PYTHONDONTWRITEBYTECODE=1
echo "$(machine)."
for round in 1 2 3; do
    echo "round $round" >&2
    bench t6 "$folder"
done
echo "Load at the end: $(cut -d' ' -f1 /proc/loadavg)."
