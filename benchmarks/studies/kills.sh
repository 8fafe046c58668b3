#!/usr/bin/env bash
# kills.sh FOLDER: runs verbs that write, kills them at random moments, and looks at what is left; then runs each again to its end.
# GBI names the tool (default: gbi), KILLS and TERMS how often each verb gets SIGKILL and SIGTERM (default: 15 and 8), SEED the moments.
# Half: a file that has the name of an output but other bytes than a whole run. Other: a rerun whose files differ from a whole run's.
# Left: temporaries after the rerun, beside the outputs and in TMPDIR.
set -u
gbi=${GBI:-gbi}
RANDOM=${SEED:-1}
mkdir -p "$1" && cd "$1" || exit 1
export TMPDIR="$PWD/tmp"
# Sockets of the runtime for debuggers, which a killed process leaves, are none of the tool.
export DOTNET_EnableDiagnostics=0
mkdir -p in tmp

$gbi simulate dijet --events 8000 --signal-fraction 0.02 --seed 5 --out in/events.parquet --force > /dev/null
$gbi simulate dijet --events 1500 --signal-fraction 1 --seed 6 --out in/signal.parquet --force > /dev/null
$gbi simulate dijet --events 60000 --seed 7 --out in/many.parquet --force > /dev/null
$gbi train ratio --numerator in/signal.parquet --denominator in/events.parquet --features mj1,delta_mj --trees 10 --folds 2 --members 1 \
  --out in/ratio.zip --force > /dev/null
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
cat > in/workspace.json <<'J'
{ "channels": [ { "name": "c", "samples": [
    { "name": "s", "data": [10, 5], "modifiers": [ { "name": "mu", "type": "normfactor", "data": null } ] },
    { "name": "b", "data": [50, 60], "modifiers": [ { "name": "u", "type": "normsys", "data": { "hi": 1.1, "lo": 0.9 } } ] } ] } ],
  "observations": [ { "name": "c", "data": [55, 62] } ],
  "measurements": [ { "name": "m", "config": { "poi": "mu", "parameters": [] } } ], "version": "1.0.0" }
J

search=(--mass mjj --features mj1,delta_mj --trees 5 --members 1 --background-trees 5 --background-members 1)
verbs=(simulate convert train score search hunt infer toys)
words_of() {
  case $1 in
    simulate) words=(simulate dijet --events 150000 --seed 3 --out out/simulated.parquet) ;;
    convert) words=(convert in/many.parquet --out out/events.csv.gz) ;;
    train) words=(train ratio --numerator in/signal.parquet --denominator in/events.parquet --features mj1,delta_mj,tau21_j1
      --trees 20 --folds 2 --members 2 --out out/ratio.zip) ;;
    score) words=(score in/events.parquet in/many.parquet in/signal.parquet --model in/ratio.zip --out out/scored) ;;
    search) words=(search in/events.parquet "${search[@]}" --signal-region 3.3:3.7 --signal in/signal.parquet --folds 2 --out out/search) ;;
    hunt) words=(hunt in/events.parquet "${search[@]}" --scan 3.3:3.7:0.2 --width 0.4 --folds 2 --toys 1 --out out/hunt) ;;
    infer) words=(infer --prior in/prior.json --simulator 'sh in/sim.sh {in.csv} {out.csv}' --simulations 600 --batch 100 --members 1
      --out out/posterior.zip --report out/page.html) ;;
    toys) words=(toys in/workspace.json --mu 1 --toys 1000 --out out/toys.json) ;;
  esac
}
run() {
  words_of "$1"
  exec $gbi "${words[@]}" > /dev/null 2> errors
}
# Outputs with their hashes; journals and batches are what a run resumes from, and no results.
hashes() {
  (cd out 2> /dev/null && find . -type f -not -path '*/.*' -not -name '*.part' -not -path './posterior.simulations/*' -print0 \
    | sort -z | xargs -0r sha256sum)
}
now() { date +%s%N; }

printf '| verb | seconds | signal | times | ended before | half | other bytes after the rerun | temporaries after it |\n'
printf '|---|---|---|---|---|---|---|---|\n'
for verb in "${verbs[@]}"; do
  rm -rf out tmp/* tmp/.[!.]*
  begun=$(now); (run "$verb"); code=$?; whole=$(( ($(now) - begun) / 1000000 ))
  [ $code -eq 0 ] || [ $code -eq 3 ] || { echo "$verb: $(cat errors)"; exit 1; }
  hashes > reference
  for signal in KILL TERM; do
    times=${KILLS:-15}; [ $signal = TERM ] && times=${TERMS:-8}
    half=0 other=0 left=0 over=0
    for _ in $(seq "$times"); do
      rm -rf out tmp/* tmp/.[!.]*
      run "$verb" &
      process=$!
      moment=$(( RANDOM * whole / 32768 ))
      sleep "$(( moment / 1000 )).$(printf %03d $(( moment % 1000 )))"
      kill -0 $process 2> /dev/null || over=$((over + 1))
      kill -$signal $process 2> /dev/null
      wait $process 2> /dev/null
      [ -z "$(hashes | grep -vxFf reference)" ] || { half=$((half + 1)); hashes | grep -vxFf reference >&2; }
      (run "$verb"); code=$?
      [ $code -eq 0 ] || [ $code -eq 3 ] || cat errors >&2
      hashes | cmp -s - reference || { other=$((other + 1)); hashes | diff - reference >&2; }
      found=$(find out tmp \( -name '.*.tmp' -o -name '*.part' -o -name '.lock' -o -path 'tmp/*' \) | head -3)
      [ -z "$found" ] || { left=$((left + 1)); echo "$verb: $found" >&2; }
    done
    printf '| %s | %d.%d | SIG%s | %d | %d | %d | %d | %d |\n' "$verb" $((whole / 1000)) $((whole % 1000 / 100)) "$signal" \
      "$times" "$over" "$half" "$other" "$left"
  done
done
