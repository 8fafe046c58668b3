#!/usr/bin/env bash
# feldman-cousins.sh FOLDER: searches of simulated dijets without signal, and Feldman-Cousins intervals of their likelihoods.
# GBI names the tool (default: gbi), FIRST and LAST the seeds of the data (default: 1 to 20).
set -u
gbi=${GBI:-gbi}
mkdir -p "$1" && cd "$1" || exit 1
$gbi simulate dijet --events 4000 --signal-fraction 1 --seed 1000 --out signal.parquet --force > /dev/null
for seed in $(seq "${FIRST:-1}" "${LAST:-20}"); do
  $gbi simulate dijet --events 8000 --seed "$seed" --out "null-$seed.parquet" --force > /dev/null
  $gbi search "null-$seed.parquet" --mass mjj --features mj1,delta_mj,tau21_j1,tau21_j2 --signal-region 3.3:3.7 \
    --signal signal.parquet --without anomaly --trees 40 --background-trees 20 --background-members 4 --seed "$seed" \
    --out "search-$seed" --force > "search-$seed.txt" || continue
  echo "seed $seed"
  $gbi interval "search-$seed/likelihood.json" --method feldman-cousins --toys 200 --seed "$seed"
done
