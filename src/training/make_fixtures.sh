#!/bin/sh
# Trains the small networks that the tests run: make_fixtures.sh [FOLDER], by default the tests' own folder. Takes a minute or two.
# PYTHON names the interpreter (python3); GBI, if set, the tool that checks parity, such as GBI='dotnet gbi.dll'.
# What it writes repeats byte for byte only with the same PyTorch and processor; the tests ask for no more than the parity files do.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
out=${1:-$(CDPATH='' cd -- "$here/../.." && pwd)/tests/Gbi.MLNet.Tests/Onnx/Fixtures}
python=${PYTHON:-python3}
events=$(mktemp -d)
trap 'rm -rf -- "$events"' EXIT

train() {
    recipe=$1 net=$2
    shift 2
    "$python" "$here/train_$recipe.py" "$@" --seed 1 --threads 1 --quiet --parity-events 200 --force --out "$out/$net.onnx" \
        ${GBI:+--gbi "$GBI"}
}

train_gauss() {
    train ratio "$@" --numerator "$events/gauss-numerator.csv" --denominator "$events/gauss-denominator.csv" --features x,y,z --weight w
}

mkdir -p -- "$out"
"$python" "$here/make_fixture_events.py" "$events"
train_gauss ratio --hidden 32,32 --epochs 15
train_gauss ratio-ensemble --hidden 16,16 --epochs 10 --members 3 --bootstrap
train parametric_ratio ratio-theta --numerator "$events/theta-numerator.csv" --denominator "$events/theta-denominator.csv" \
    --features x,y --theta t --hidden 32,32 --epochs 20
train systematic systematic --nominal "$events/nu-0.csv" --varied "nu=1:$events/nu-1.csv" --varied "nu=-1:$events/nu--1.csv" \
    --varied "nu=2:$events/nu-2.csv" --varied "nu=-2:$events/nu--2.csv" --features x --weight w --hidden 32,32 --epochs 10
train flow flow --events "$events/dijet.csv" --mass mjj --features mj1,delta_mj,tau21_j1,tau21_j2 --signal-region 3.3:3.7 \
    --hidden 32 --layers 6 --bins 8 --epochs 20
for target in posterior likelihood; do
    train posterior "$target" --target "$target" --simulations "$events/linear.csv" --prior "$events/linear.json" \
        --layers 2 --hidden 24 --bins 6 --epochs 40 --batch 500
done
