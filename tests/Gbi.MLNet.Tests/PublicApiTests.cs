using System.Reflection;
using System.Text;

namespace Gbi.Tests;

/// <summary>The library's public API is listed in PublicApi.txt, so that a change of it is seen in the diff.</summary>
public sealed class PublicApiTests
{
    [Test]
    public void The_public_api_is_the_one_listed()
    {
        string file = Checkout.File("tests", "Gbi.MLNet.Tests", "PublicApi.txt");
        IReadOnlyList<string> actual = PublicApi.Describe(Assembly.Load("Gbi.MLNet"));
        if (Environment.GetEnvironmentVariable("GBI_ACCEPT") == "1")
        {
            File.WriteAllText(file, string.Concat(actual.Select(line => line + "\n")));
        }

        string[] listed = File.Exists(file) ? File.ReadAllLines(file) : [];
        if (!actual.SequenceEqual(listed))
        {
            Assert.Fail(Difference(listed, actual));
        }
    }

    [Test]
    public void A_signature_reads_as_in_csharp() => Assert.That(
        PublicApi.Describe([typeof(Surface<>), typeof(SurfaceRecord), typeof(SurfaceRecord.Mode)]),
        Is.EqualTo(new[]
        {
            "abstract class Gbi.Tests.Surface<T> : IDisposable where T : struct, IComparable<T>",
            "Gbi.Tests.Surface<T>: const int Limit = 3",
            "Gbi.Tests.Surface<T>: override string ToString()",
            "Gbi.Tests.Surface<T>: protected Surface(string name, int? size = null)",
            "Gbi.Tests.Surface<T>: protected abstract void Fill(ReadOnlySpan<float> from, out T[] to)",
            "Gbi.Tests.Surface<T>: required string Label { get; init; }",
            "Gbi.Tests.Surface<T>: static List<string?> Names<TStream>(SurfaceRecord.Mode mode = Mode.Fast, params string[] more) where "
                + "TStream : Stream",
            "Gbi.Tests.Surface<T>: string? this[int row] { get; protected set; }",
            "Gbi.Tests.Surface<T>: virtual void Dispose()",
            "sealed record class Gbi.Tests.SurfaceRecord : IEquatable<SurfaceRecord>",
            "Gbi.Tests.SurfaceRecord: (double, double) Interval { get; init; }",
            "Gbi.Tests.SurfaceRecord: SurfaceRecord((double, double) Interval)",
            "enum Gbi.Tests.SurfaceRecord.Mode : int",
            "Gbi.Tests.SurfaceRecord.Mode: Fast = 0",
        }));

    private static string Difference(IEnumerable<string> listed, IEnumerable<string> actual)
    {
        StringBuilder text = new("The public API differs from PublicApi.txt.\n");
        foreach (string line in listed.Except(actual))
        {
            text.Append("  - ").Append(line).Append('\n');
        }

        foreach (string line in actual.Except(listed))
        {
            text.Append("  + ").Append(line).Append('\n');
        }

        return text.Append("If this is meant, accept it: GBI_ACCEPT=1 dotnet test -c Release --filter PublicApi").ToString();
    }
}
