#!/bin/sh
# The mass alone: gbi peak and a SciPy fit of the same likelihood. Run: run.sh DATA. DATA holds cms/upsilon_dimuon.parquet.
# Installs Debian packages where they are missing, which needs root.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/../bench.sh"
data=$(CDPATH='' cd -- "$1" && pwd)
folder=$root/artifacts/peak
python=/usr/bin/python3 # Debian's packages belong to Debian's Python
packages='python3-numpy python3-scipy'

# shellcheck disable=SC2086 # one word a package
dpkg -s $packages >/dev/null 2>&1 || apt-get install -y --no-install-recommends $packages >&2

gbi() {
    dotnet run --project "$root/src/Gbi.MLNet.Cli" -c Release -- "$@"
}

# compare NAME EVENTS LOW HIGH REGION_LOW REGION_HIGH
compare() {
    gbi convert "$2" --out "$folder/$1.csv" --force >/dev/null
    gbi peak "$2" --mass mass --signal-region "$5:$6" --mass-range "$3:$4" --out "$folder/$1" --force >/dev/null
    "$python" "$here/fit_scipy.py" "$folder/$1.csv" mass "$3" "$4" 2 "$5" "$6" "$folder/$1/result.json" | sed "s/^/| $1 /"
}

mkdir -p -- "$folder"
bench peak-samples "$folder/samples"
echo '| sample | | SciPy | gbi peak | relative difference | of the error |'
echo '|---|---|---|---|---|---|'
compare 'Υ, CMS' "$data/cms/upsilon_dimuon.parquet" 9 9.7 9.2 9.65
compare upsilon "$folder/samples/upsilon.parquet" 8.6 10.3 9.2 9.7
compare phi "$folder/samples/phi.parquet" 0.99 1.06 1.009 1.03
compare psi-prime "$folder/samples/psi-prime.parquet" 3.4 4 3.59 3.78
