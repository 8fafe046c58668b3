using BenchmarkDotNet.Running;
using Gbi.Benchmarks;

if (args is ["t1", string folder])
{
    PeerTimings.Run(folder);
    return;
}

if (args is ["closure"])
{
    ClosureTask.Run(trainingCount: 500_000, testCount: 200_000);
    ClosureTask.Time(1_000_000);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
