#!/usr/bin/env bash
# posteriors.sh DATA C2ST FOLDER COUNT SEED TASKS...: posteriors of boosted trees on tasks of sbibm, and their classifier two-sample tests.
# DATA holds TASK/1..3/observation.csv and reference_posterior_samples.csv.bz2; C2ST is the script of the test (reference, draws, folds);
# BENCH names the benchmark program, FOLDS the folds of the test (default: 5).
set -u
data=$1 c2st=$2 folder=$3 count=$4 seed=$5
shift 5
$BENCH posteriors "$count" "$seed" "$data" "$folder" "$@"
for task in "$@"; do
  for observation in 1 2 3; do
    echo "$task $observation $(python3 "$c2st" "$data/$task/$observation/reference_posterior_samples.csv.bz2" \
      "$folder/${task}_${count}_${seed}_$observation.csv" "${FOLDS:-5}")"
  done
done
