using BenchmarkDotNet.Running;
using Gbi.Benchmarks;

if (args is ["t1", string folder])
{
    PeerTimings.Run(folder);
    return;
}

if (args is ["lhco", string data])
{
    SupervisedSearch.Run(data);
    return;
}

if (args is ["lhco-export", string source, string target])
{
    SupervisedSearch.Export(source, target);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
