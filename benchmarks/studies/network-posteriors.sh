#!/usr/bin/env bash
# network-posteriors.sh DATA C2ST FOLDER COUNT SEED TASKS...: flows of src/training/train_posterior.py on tasks of sbibm, with the
# processor time of their training, and their classifier two-sample tests. DATA and C2ST as of posteriors.sh; BENCH names the benchmark
# program, PYTHON an interpreter with PyTorch (python3), FOLDS the folds of the test (default: 5), OPTIONS further options of the training.
set -u
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
data=$1 c2st=$2 folder=$3 count=$4 seed=$5
shift 5
$BENCH posterior-simulations "$count" "$seed" "$folder" "$@"
for task in "$@"; do
  name=${task}_${count}_${seed}
  TIMEFORMAT="$task training: %U processor s, %R wall s"
  time OMP_WAIT_POLICY=PASSIVE "${PYTHON:-python3}" "$here/../../src/training/train_posterior.py" --simulations "$folder/$name.csv" \
    --prior "$folder/$task.json" --out "$folder/$name.onnx" --force --quiet --threads 1 ${OPTIONS:-}
  $BENCH network-posterior "$task" "$folder/$name.onnx" "$data"
  for observation in 1 2 3; do
    echo "$task $observation $("${PYTHON:-python3}" "$c2st" "$data/$task/$observation/reference_posterior_samples.csv.bz2" \
      "$folder/${name}_$observation.csv" "${FOLDS:-5}")"
  done
done
