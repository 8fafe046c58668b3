using System.Globalization;
using Gbi.Numerics;
using Gbi.Tests.Cli;

namespace Gbi.Tests.Fuzz;

/// <summary>
/// Inputs that are changed at random: each is read, or refused with a sentence, in little time and memory, and never read as other
/// numbers where a checksum covers the change. GBI_FUZZ=N makes N inputs of each kind, GBI_FUZZ_FIRST=K begins with number K, and
/// GBI_FUZZ_KEEP=DIR keeps those that fail.
/// </summary>
[TestFixture, NonParallelizable]
internal sealed class FuzzTests
{
    private const int UsualCount = 30;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // The runtime takes memory in larger steps than a small file needs.
    private const long LeastPeak = 100_000_000;

    private static readonly Seed Seed = new(18);

    [Test]
    public void Changed_inputs_are_read_or_refused_with_a_sentence()
    {
        using var folder = new ScratchFolder();
        List<string> faults = [];
        foreach (FuzzKind kind in FuzzKinds.In(folder))
        {
            Fuzz(kind, folder, faults);
        }

        Assert.That(faults, Is.Empty, string.Join('\n', faults));
    }

    [TestCase("archive of a ratio", 144), TestCase("archive of a ratio", 209)]
    public void Inputs_that_failed_once_do_not_any_more(string name, int number)
    {
        using var folder = new ScratchFolder();
        FuzzKind kind = FuzzKinds.In(folder).First(kind => kind.Name == name);
        kind.Run(folder, kind.Clean, 6 * Limit);
        FuzzOutcome clean = kind.Run(folder, kind.Clean, Limit);
        byte[] changed = kind.Mutate(Seed.Child(kind.Name).Child(number).CreateRandom());

        Assert.That(kind.Run(folder, changed, Limit).Fault(clean, kind.IsDetectable(changed), LeastPeak), Is.Null);
    }

    [Test]
    public void Each_fault_is_seen()
    {
        var quick = new FuzzWatch(TimeSpan.Zero, true, 0);
        var clean = new FuzzOutcome(new CliRun(0, "1", ""), null, "1", quick);
        FuzzOutcome With(int code, string output, string error) => clean with { Run = new CliRun(code, output, error) };
        Assert.Multiple(() =>
        {
            Assert.That(clean.Fault(clean, isDetectable: true, 1), Is.Null);
            Assert.That(With(1, "", "a sentence").Fault(clean, true, 1), Is.Null);
            Assert.That(With(1, "", "This is a defect of gbi").Fault(clean, true, 1), Does.StartWith("said"));
            Assert.That(With(1, "", "").Fault(clean, true, 1), Does.EndWith("said nothing"));
            Assert.That(With(134, "", "a sentence").Fault(clean, true, 1), Does.StartWith("ended with exit code 134"));
            Assert.That(With(1, "", "\u001b[31m").Fault(clean, true, 1), Does.StartWith("printed control characters"));
            Assert.That(With(0, "2", "").Fault(clean, isDetectable: false, 1), Is.Null);
            Assert.That(With(0, "2", "").Fault(clean, isDetectable: true, 1), Does.StartWith("gave other numbers"));
            Assert.That((clean with { Written = "2" }).Fault(clean, true, 1), Does.StartWith("gave other numbers"));
            Assert.That((clean with { Run = null, Thrown = new InvalidCastException() }).Fault(clean, true, 1), Does.StartWith("threw"));
            Assert.That((clean with { Watch = quick with { PeakBytes = 2 } }).Fault(clean, true, 1), Does.StartWith("took"));
        });
        using var stop = new ManualResetEventSlim();
        FuzzWatch endless = FuzzWatch.Run(() => stop.Wait(), TimeSpan.FromMilliseconds(50));
        stop.Set();
        Assert.That((clean with { Watch = endless }).Fault(clean, true, 1), Does.StartWith("did not end"));
    }

    private static void Fuzz(FuzzKind kind, ScratchFolder folder, List<string> faults)
    {
        FuzzOutcome clean = kind.Run(folder, kind.Clean, 6 * Limit);
        Assert.That(clean.Run?.Code, Is.Zero, $"{kind}: {clean.Run?.Error}{clean.Thrown}");
        clean = kind.Run(folder, kind.Clean, Limit);
        long largestPeak = Math.Max(LeastPeak, 4 * clean.Watch.PeakBytes);
        int first = Number("GBI_FUZZ_FIRST", 0);
        var slowest = TimeSpan.Zero;
        long largest = 0;
        int read = 0;
        for (int number = first; number < first + Number("GBI_FUZZ", UsualCount); number++)
        {
            byte[] changed = kind.Mutate(Seed.Child(kind.Name).Child(number).CreateRandom());
            FuzzOutcome outcome = kind.Run(folder, changed, Limit);
            slowest = outcome.Watch.Elapsed > slowest ? outcome.Watch.Elapsed : slowest;
            largest = Math.Max(largest, outcome.Watch.PeakBytes);
            read += outcome.Run?.Code == 0 ? 1 : 0;
            if (outcome.Fault(clean, kind.IsDetectable(changed), largestPeak) is { } fault)
            {
                faults.Add($"{kind}, input {number}: {fault}");
                Keep(kind, number, changed);
            }
        }

        TestContext.Out.WriteLine(
            $"{kind}: {read} read, slowest {slowest.TotalMilliseconds:F0} ms, peak {largest / 1_000_000} MB "
                + $"(clean {clean.Watch.Elapsed.TotalMilliseconds:F0} ms, {clean.Watch.PeakBytes / 1_000_000} MB)");
    }

    private static void Keep(FuzzKind kind, int number, byte[] changed)
    {
        if (Environment.GetEnvironmentVariable("GBI_FUZZ_KEEP") is { Length: > 0 } directory)
        {
            File.WriteAllBytes(Path.Combine(directory, $"{number}-{kind.File}"), changed);
        }
    }

    private static int Number(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
