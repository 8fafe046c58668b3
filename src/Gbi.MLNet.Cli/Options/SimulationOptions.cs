using System.CommandLine;
using Gbi.Cli.Help;
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

    private const string Falling = "falling";
    private const string TurnOn = "turn-on";

    private static readonly DijetSimulation Defaults = new();

    private readonly Option<string> _spectrum = OptionOf.Choice(
        "--background-spectrum",
        "Masses of the background: falling from 2.6 TeV on, or starting at 2 TeV with the turn-on of the selection.",
        Defaults.Spectrum == DijetSpectrum.WithTurnOn ? TurnOn : Falling, Falling, TurnOn);

    private readonly Option<string> _masses = OptionOf.Text(
        "--signal-masses", "MX:MY", "Masses of the two particles that the signal decays to, 50 to 600 GeV, written as columns mx and my.",
        defaultsTo: "500:100 without these columns");

    private readonly Option<int?> _family = OptionOf.Number(
        "--signal-family", "N", "Signal at N points (MX, MY), drawn uniformly and written as columns mx and my.", least: 1);

    private readonly Option<string[]> _extra = OptionOf.Names(
        "--extra-features", "A,B",
        "Further features: mj2, the mass of the heavier jet, mj1 + delta_mj; delta_r, the angle between the jets, "
        + "which depends on the mass.", "mj2, delta_r or both");

    private readonly Option<string[]> _shifts = OptionOf.Names(
        "--shift", "NAME=VALUE,...", $"Detector shifts; names: {string.Join(", ", Shifts.Keys)}.",
        "shifts NAME=VALUE with commas between them");

    private readonly Option<double?> _drift = OptionOf.Real(
        "--mass-drift", "F", "Factor on the drift of the background's features with the mass.", "a number", _ => true,
        Sentence.Of(Defaults.MassDrift));

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_spectrum, _masses, _family, _extra, _shifts, _drift];

    /// <summary>What the command line asks for.</summary>
    public DijetSimulation Read(ParseResult parsed, Seed seed)
    {
        foreach (string extra in parsed.GetValue(_extra) ?? [])
        {
            if (extra is not (DijetSimulator.Angle or DijetSimulator.HeavyMass))
            {
                throw new UsageException($"--extra-features is '{extra}', expected {DijetSimulator.HeavyMass} or {DijetSimulator.Angle}.");
            }
        }

        DijetSimulation simulation = UsageException.IfRefused(() => new DijetSimulation
        {
            Spectrum = parsed.GetValue(_spectrum) switch
            {
                TurnOn => DijetSpectrum.WithTurnOn,
                Falling => DijetSpectrum.Falling,
                _ => Defaults.Spectrum,
            },
            HasHeavyMass = (parsed.GetValue(_extra) ?? []).Contains(DijetSimulator.HeavyMass),
            HasAngle = (parsed.GetValue(_extra) ?? []).Contains(DijetSimulator.Angle),
            MassDrift = parsed.GetValue(_drift) ?? Defaults.MassDrift,
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
            && OptionOf.ToReal(first) is { } x and >= Lowest and <= Highest && OptionOf.ToReal(second) is { } y and >= Lowest and <= Highest
                ? new DijetMasses(x, y)
                : throw new UsageException($"--signal-masses is '{text}', expected two masses MX:MY from 50 to 600 GeV, such as 500:100.");
    }

    private static DijetSimulation Shifted(DijetSimulation simulation, string text) =>
        text.Split('=') is [var name, var value] && Shifts.TryGetValue(name, out Func<DijetSimulation, double, DijetSimulation>? shift)
            && OptionOf.ToReal(value) is { } number
            ? UsageException.IfRefused(() => shift(simulation, number))
            : throw new UsageException(
                $"--shift is '{text}', expected NAME=VALUE such as jet-mass-scale=1.01, with one of {string.Join(", ", Shifts.Keys)}.");
}
