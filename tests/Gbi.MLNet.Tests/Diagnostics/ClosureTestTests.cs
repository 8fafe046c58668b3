using Gbi.Diagnostics;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Diagnostics;

[TestFixture]
internal sealed class ClosureTestTests
{
    [Test, Explicit]
    public void Explore()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        int toys = int.Parse(Environment.GetEnvironmentVariable("TOYS") ?? "50");
        int n = int.Parse(Environment.GetEnvironmentVariable("N") ?? "2000");
        var options = new ClosureOptions { Classifier = new RatioOptions { FoldCount = 2, MemberCount = 1, Calibration = null, Trees = new TreeOptions { TreeCount = 10, LeafCount = 8, MinLeafHessian = 10, L2 = 10 } } };
        List<ClosureReport> reports = [];
        for (ulong seed = 1; seed <= (ulong)toys; seed++)
        {
            reports.Add(ClosureTest.Run(
                ShiftedGaussians.Scored(ShiftedGaussians.Numerator(n, seed)), ShiftedGaussians.Scored(ShiftedGaussians.Denominator(n, seed)),
                ShiftedGaussians.Features, options, new Seed(seed)));
        }

        TestContext.Progress.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s");
        for (int c = 0; c < 6; c++)
        {
            var values = Moments.Of([.. reports.Select(r => r.Checks[c].Value)]);
            TestContext.Progress.WriteLine($"{reports[0].Checks[c].Name}: fail {reports.Count(r => !r.Checks[c].Passed)}/{toys}, mean {values.Mean:G5} sd {values.Deviation:G4}, mean error {reports.Average(r => r.Checks[c].Error ?? 0):G4}, limit {reports[0].Checks[c].HighestAllowed:G4}");
        }

        Write("auc pull", reports.Select(r => (r.Reweighting.Area - 0.5) / r.Reweighting.Error));
        Write("mean pull", reports.Select(r => (r.Mean.Value - 1) / r.Mean.Error));
        Write("slope pull", reports.Select(r => (r.Curve.Slope - 1) / r.Curve.SlopeError));
        TestContext.Progress.WriteLine($"any: {reports.Count(r => !r.Passed)}, chi2/ndf {reports.Average(r => r.Curve.ChiSquared / r.Curve.DegreesOfFreedom):F3} bins {reports.Average(r => r.Curve.Points.Count):F1}, p<0.05 of features {reports.Average(r => r.Features.Count(f => f.Probability < 0.05) / 4.0):F4}, min p*4<.05 {reports.Count(r => r.Features.Min(f => f.Probability) * 4 < 0.05)}");
        static void Write(string name, IEnumerable<double> pulls)
        {
            var m = Moments.Of([.. pulls]);
            TestContext.Progress.WriteLine($"{name}: {m.Mean:F3} ± {m.ErrorOfMean:F3}, sd {m.Deviation:F3} ± {m.ErrorOfDeviation:F3}, |.|>2: {pulls.Count(p => Math.Abs(p) > 2)}");
        }
    }
}
