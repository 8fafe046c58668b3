using BenchmarkDotNet.Running;
using Gbi.Benchmarks;

if (args is ["t1", string folder])
{
    PeerTimings.Run(folder);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
