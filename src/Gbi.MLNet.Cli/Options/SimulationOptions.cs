using System.CommandLine;
using System.Globalization;
using Gbi.Cli.Options.Parsing;
using Gbi.Numerics;
using Gbi.Simulators;

namespace Gbi.Cli.Options;

/// <summary>Options that say what gbi simulate dijet simulates.</summary>
internal sealed class SimulationOptions
{
    private static readonly Dictionary<string, Func<DijetSimulation, double, DijetSimulation>> Shifts = new(StringComparer.Ordinal)
    {
        ["jet-mass-scale"] = (simulation, value) => simulation with { JetMassScale = value },
        ["jet-mass-resolution"] = (simulation, value) => simulation with { JetMassResolution = value },
        ["mjj-scale"] = (simulation, value) => simulation with { DijetMassScale = value },
        ["mjj-resolution"] = (simulation, value) => simulation with { DijetMassResolution = value },
        ["tau21-shift"] = (simulation, value) => simulation with { Tau21Shift = value },
    };

    private readonly Option<string> _spectrum = OptionOf.Choice(
        "--spectrum", "Background masses fall from 2.6 TeV on, or begin at 2 TeV with the selection's turn-on (default: falling).",
        "falling", "turn-on");

    private readonly Option<string> _masses = OptionOf.Text(
        "--signal-masses", "mX:mY",
        "Masses of the particles that signal decays to, 50 to 600 GeV, written as columns mx and my (default: 500:100, no columns).");

    private readonly Option<int?> _family = OptionOf.Number(
        "--signal-family", "N", "Signal at N points of mX and mY, drawn uniformly and written as columns mx and my.", least: 1);

    private readonly Option<string[]> _extra = OptionOf.Names(
        "--features-extra",
        "Further features: mj2, the mass of the heavier jet, which is mj1 + delta_mj; delta_r, the angle between the jets, which follows "
            + "the mass.",
        names: "mj2, delta_r or both");

    private readonly Option<string[]> _shifts = OptionOf.Names(
        "--shift", $"Detector shifts NAME=VALUE; names: {string.Join(", ", Shifts.Keys)}.", names: "shifts NAME=VALUE");

    private readonly Option<double?> _drift = OptionOf.Real(
        "--mass-drift", "F", "Factor on the drift of the background's features with the mass (default: 1).", "a number", _ => true);

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_spectrum, _masses, _family, _extra, _shifts, _drift];

    /// <summary>What the command line asks for.</summary>
    public DijetSimulation Read(ParseResult parsed, Seed seed)
    {
        foreach (string extra in parsed.GetValue(_extra) ?? [])
        {
            if (extra is not (DijetSimulator.Angle or DijetSimulator.HeavyMass))
            {
                throw new UsageException($"--features-extra is '{extra}', expected {DijetSimulator.HeavyMass} or {DijetSimulator.Angle}.");
            }
        }

        DijetSimulation simulation = UsageException.Guard(() => new DijetSimulation
        {
            Spectrum = parsed.GetValue(_spectrum) == "turn-on" ? DijetSpectrum.WithTurnOn : DijetSpectrum.Falling,
            HasHeavyMass = (parsed.GetValue(_extra) ?? []).Contains(DijetSimulator.HeavyMass),
            HasAngle = (parsed.GetValue(_extra) ?? []).Contains(DijetSimulator.Angle),
            MassDrift = parsed.GetValue(_drift) ?? 1,
            SignalMasses = Masses(parsed, seed),
        });
        return (parsed.GetValue(_shifts) ?? []).Aggregate(simulation, Shifted);
    }

    private IReadOnlyList<DijetMasses>? Masses(ParseResult parsed, Seed seed)
    {
        string? point = parsed.GetValue(_masses);
        int? family = parsed.GetValue(_family);
        if (point is not null && family is not null)
        {
            throw new UsageException("--signal-masses and --signal-family exclude each other: give one point, or a number of drawn ones.");
        }

        return point is not null ? [Point(point)] : family is { } count ? DijetMasses.Draw(count, seed.Child("signal family")) : null;
    }

    private static DijetMasses Point(string text)
    {
        const double Lowest = DijetMasses.Lowest;
        const double Highest = DijetMasses.Highest;
        return text.Split(':') is [var first, var second]
            && ToReal(first) is { } x and >= Lowest and <= Highest && ToReal(second) is { } y and >= Lowest and <= Highest
                ? new DijetMasses(x, y)
                : throw new UsageException($"--signal-masses is '{text}', expected two masses mX:mY from 50 to 600 GeV, such as 500:100.");
    }

    private static DijetSimulation Shifted(DijetSimulation simulation, string text) =>
        text.Split('=') is [var name, var value] && Shifts.TryGetValue(name, out Func<DijetSimulation, double, DijetSimulation>? shift)
            && ToReal(value) is { } number
            ? UsageException.Guard(() => shift(simulation, number))
            : throw new UsageException(
                $"--shift is '{text}', expected NAME=VALUE such as jet-mass-scale=1.01, with one of {string.Join(", ", Shifts.Keys)}.");

    private static double? ToReal(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;
}
