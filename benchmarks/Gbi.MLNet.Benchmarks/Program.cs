using BenchmarkDotNet.Running;
using Gbi.Benchmarks;

Action<string>? task = args.FirstOrDefault() switch
{
    "t1" => PeerTimings.DensityRatio,
    "t6" => PeerTimings.ParametricRatio,
    _ => null,
};
if (task is not null && args.Length == 2)
{
    task(args[1]);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
