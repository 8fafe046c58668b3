#!/usr/bin/env bash
# same-bytes.sh FOLDER: runs the longer verbs on one thread and on two, and compares every byte of every file that they write.
# GBI names the tool (default: gbi), EVENTS the number of events (default: 60000). The others are in the tests (SameBytesTests).
set -u
gbi=${GBI:-gbi}
mkdir -p "$1" && cd "$1" || exit 1
mkdir -p in
$gbi simulate dijet --events "${EVENTS:-60000}" --signal-fraction 0.01 --seed 5 --out in/events.parquet --force > /dev/null
$gbi simulate dijet --events 8000 --signal-fraction 1 --seed 6 --out in/signal.parquet --force > /dev/null
$gbi simulate dijet --events 8000 --signal-fraction 1 --signal-family 6 --seed 7 --out in/family.parquet --force > /dev/null
cat > in/prior.json <<'J'
{ "gbiPrior": "1", "parameters": [ { "name": "a", "uniform": [0, 1] } ] }
J
cat > in/sim.awk <<'J'
function u(k, v) { v = sin($2 % 1000003 * (k + 12.9898)) * 43758.5453; return v - int(v) + (v < 0) }
NR == 1 { print "x"; next }
{ print $1 + 0.2 * (u(1) + u(2) + u(3) - 1.5) }
J
cat > in/sim.sh <<'J'
awk -F, -f in/sim.awk "$1" > "$2"
J
printf 'x\n0.5\n' > in/observed.csv
region=(--mass mjj --features mj1,delta_mj,tau21_j1,tau21_j2 --signal-region 3.3:3.7 --spectrum dijet --collision-energy 13)
infer=(infer --prior in/prior.json --simulator 'sh in/sim.sh {in.csv} {out.csv}' --simulations 3000 --batch 250 --observed in/observed.csv)

status=0
printf '| run | files | bytes | differ |\n|---|---|---|---|\n'
twice() {
  local name=$1 threads
  shift
  for threads in 1 2; do
    rm -rf out
    $gbi "$@" --threads $threads > /dev/null 2> errors
    local code=$?
    [ $code -eq 0 ] || [ $code -eq 3 ] || { echo "$name: $(cat errors)"; status=1; return; }
    rm -rf "kept-$threads"
    mv out "kept-$threads"
    # Zip archives hold times of two seconds.
    sleep 2
  done
  local differ
  differ=$(diff -rq kept-1 kept-2 | wc -l)
  [ "$differ" -eq 0 ] || { diff -rq kept-1 kept-2; status=1; }
  printf '| %s | %d | %d | %d |\n' "$name" "$(find kept-1 -type f | wc -l)" "$(find kept-1 -type f -exec cat {} + | wc -c)" "$differ"
}
twice demo demo --events "${EVENTS:-60000}" --out out
twice "search, counted excess" search in/events.parquet "${region[@]}" --out out
twice "search with a signal" search in/events.parquet "${region[@]}" --signal in/signal.parquet --out out
twice "search, mass term" search in/events.parquet "${region[@]}" --signal in/signal.parquet --mass-term --out out
twice "search, blind" search in/events.parquet "${region[@]}" --signal in/signal.parquet --blind --out out
twice "search, family" search in/events.parquet "${region[@]}" --signal in/family.parquet --signal-parameters mx,my --out out
twice hunt hunt in/events.parquet --mass mjj --features mj1,delta_mj --trees 8 --members 1 --background-trees 10 --scan 3.3:3.7:0.2 \
  --width 0.4 --folds 2 --toys 4 --out out
twice "coverage search" coverage search dijet "${region[@]}" --trees 8 --members 2 --background-trees 10 --toys 4 \
  --toy-events 20000 --out out
twice infer "${infer[@]}" --out out/posterior.zip --report out/page.html
twice "infer --correct" "${infer[@]}" --correct --out out/posterior.zip --report out/page.html
twice "infer --rounds 2" "${infer[@]}" --rounds 2 --out out/posterior.zip --report out/page.html
exit $status
