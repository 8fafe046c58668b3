using Gbi.Tests.Cli;

namespace Gbi.Tests.Fuzz;

/// <summary>A kind of input: a file that is right, how it is changed and which command reads it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="File">Name of the file.</param>
/// <param name="Clean">The file that is right.</param>
/// <param name="Other">Another file of the kind, of which pieces are taken.</param>
/// <param name="Command">The command, which reads the file of a path.</param>
internal sealed record FuzzKind(string Name, string File, byte[] Clean, byte[] Other, Func<string, string[]> Command)
{
    /// <summary>How it is changed besides by bytes.</summary>
    public IReadOnlyList<Func<byte[], Random, byte[]>> Mutations { get; init; } = [];

    /// <summary>What the command writes besides its output; null for nothing.</summary>
    public string? Written { get; init; }

    /// <summary>Whether a checksum covers a byte of the clean file; null where there is none.</summary>
    public Func<int, bool>? IsCovered { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A changed file: by bytes in two of five cases where there are other ways.</summary>
    public byte[] Mutate(Random random)
    {
        if (IsCovered is not null && random.Next(3) == 0)
        {
            return ByteMutations.FlipBits(Clean, random);
        }

        return Mutations.Count == 0 || random.Next(5) < 2
            ? ByteMutations.Mutate(Clean, random, Other)
            : Mutations[random.Next(Mutations.Count)](Clean, random);
    }

    /// <summary>Whether all differences to the clean file are covered by a checksum, so that it is refused or read as the same.</summary>
    public bool IsDetectable(byte[] changed) => IsCovered is { } covered && changed.Length == Clean.Length
        && Enumerable.Range(0, changed.Length).All(at => changed[at] == Clean[at] || covered(at));

    /// <summary>Runs the command.</summary>
    public FuzzOutcome Run(ScratchFolder folder, byte[] content, TimeSpan limit)
    {
        System.IO.File.WriteAllBytes(folder[File], content);
        if (Written is not null)
        {
            System.IO.File.Delete(folder[Written]);
        }

        CliRun? run = null;
        Exception? thrown = null;
        FuzzWatch watch = FuzzWatch.Run(() =>
        {
            try
            {
                run = CliRun.Of(Command(folder[File]));
            }
            catch (Exception failure)
            {
                thrown = failure;
            }
        }, limit);
        string? written = Written is not null && System.IO.File.Exists(folder[Written]) && watch.HasEnded
            ? System.IO.File.ReadAllText(folder[Written])
            : null;
        return new FuzzOutcome(run, thrown, written, watch);
    }
}

/// <summary>What a command made of a file.</summary>
/// <param name="Run">How it ended; null where it did not.</param>
/// <param name="Thrown">What came out of it, which nothing should.</param>
/// <param name="Written">What it wrote to a file.</param>
/// <param name="Watch">What it took.</param>
internal sealed record FuzzOutcome(CliRun? Run, Exception? Thrown, string? Written, FuzzWatch Watch)
{
    /// <summary>What is wrong with it in the light of the clean run; null where nothing is.</summary>
    public string? Fault(FuzzOutcome clean, bool isDetectable, long largestPeak)
    {
        if (!Watch.HasEnded)
        {
            return $"did not end within {Watch.Elapsed.TotalSeconds:F0} s";
        }

        if (Thrown is not null || Run is null)
        {
            return $"threw {Thrown}";
        }

        if (Run.Code is not (0 or 1 or 2 or 3))
        {
            return $"ended with exit code {Run.Code}: {Run.Error}";
        }

        if (Run.Error.Contains("defect", StringComparison.Ordinal) || Run.Error.Contains("   at ", StringComparison.Ordinal))
        {
            return $"said: {Run.Error}";
        }

        if (Run.Code != 0 && string.IsNullOrWhiteSpace(Run.Error))
        {
            return $"ended with exit code {Run.Code} and said nothing";
        }

        if ((Run.Error + Run.Output).Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')))
        {
            return $"printed control characters: {Run.Error}{Run.Output}";
        }

        if (Watch.PeakBytes > largestPeak)
        {
            return $"took {Watch.PeakBytes / 1_000_000} MB, the clean file {clean.Watch.PeakBytes / 1_000_000} MB";
        }

        return isDetectable && Run.Code == 0 && (Run.Output, Written) != (clean.Run!.Output, clean.Written)
            ? "gave other numbers than the clean file, although a checksum covers what was changed"
            : null;
    }
}
