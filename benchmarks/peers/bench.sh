# What the runs of the peers share; sourced with $here set.

root=$(CDPATH='' cd -- "$here/../../.." && pwd)

# bench TASK...: a task of our benchmarks, built at the first call.
bench() {
    dotnet run --project "$root/benchmarks/Gbi.MLNet.Benchmarks" -c Release -- "$@"
}

# machine: date, commit, processor and load, as the tables of README.md name them.
machine() {
    model=$(lscpu | sed -n 's/^Model name: *//p')
    printf '%s, commit %s, %s (%s cores, load before the start %s)' "$(date -u +%Y-%m-%d)" \
        "$(git -C "$root" rev-parse --short HEAD)" "$model" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
}
