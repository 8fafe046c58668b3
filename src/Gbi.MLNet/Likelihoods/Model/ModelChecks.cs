using Gbi.Events;
using Gbi.Likelihoods.Interpolations;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Model;

/// <summary>Something that a model must not have.</summary>
/// <param name="Path">Its JSON pointer in the model's document.</param>
/// <param name="Sentence">What it is, in one sentence that can do without the path.</param>
internal sealed record ModelDefect(string Path, string Sentence);

/// <summary>What must hold of a model.</summary>
internal static class ModelChecks
{
    /// <summary>All that is wrong with a model, in the order of the checks.</summary>
    public static IEnumerable<ModelDefect> Defects(
        IReadOnlyList<FitParameter> parameters, IReadOnlyList<Channel> channels, string? parameterOfInterest) =>
    [
        .. Twice(parameters.Select(parameter => parameter.Name), "/parameters", name =>
            $"The parameter '{name}' is listed twice; list a parameter that channels share once."),
        .. parameters.SelectMany((parameter, at) => OfParameter(parameter, $"/parameters/{at}")),
        .. channels.Count == 0 ? [new ModelDefect("/channels", "The model has no channel; give one or more.")] : Array.Empty<ModelDefect>(),
        .. Twice(channels.Select(channel => channel.Name), "/channels", name => $"Two channels have the name '{name}'; names must differ."),
        .. channels.SelectMany((channel, at) => channel is BinnedChannel binned
            ? ChannelChecks.Of(binned, $"/channels/{at}")
            : ChannelChecks.Of((UnbinnedChannel)channel, $"/channels/{at}")),
        .. OfReferences(parameters, [.. channels.SelectMany((channel, at) => ParameterUse.Of(channel, $"/channels/{at}"))]),
        .. parameterOfInterest is null || parameters.Any(parameter => parameter.Name == parameterOfInterest)
            ? Array.Empty<ModelDefect>()
            : [Unknown("/parameterOfInterest", "The parameter of interest", parameterOfInterest, parameters)],
    ];

    /// <summary>Names that are used twice.</summary>
    public static IEnumerable<ModelDefect> Twice(IEnumerable<string> names, string path, Func<string, string> sentence)
    {
        var known = new HashSet<string>();
        return names.Select((name, at) => (name, at))
            .Where(one => !known.Add(one.name))
            .Select(one => new ModelDefect($"{path}/{one.at}/name", sentence(one.name)));
    }

    private static IEnumerable<ModelDefect> OfParameter(FitParameter parameter, string path)
    {
        if (!(parameter.Lower <= parameter.Upper) || !double.IsFinite(parameter.Initial))
        {
            yield return new(path, Text(
                $"Parameter '{parameter.Name}' starts at {parameter.Initial} within [{parameter.Lower}, {parameter.Upper}]; expected a "
                    + $"finite start and ordered bounds."));
        }
    }

    /// <summary>
    /// Names must be known; and a parameter without constraint must change something: no data could determine it otherwise.
    /// </summary>
    private static IEnumerable<ModelDefect> OfReferences(IReadOnlyList<FitParameter> parameters, IReadOnlyList<ParameterUse> uses)
    {
        HashSet<string> known = [.. parameters.Select(parameter => parameter.Name)];
        foreach (ParameterUse use in uses.Where(use => !known.Contains(use.Parameter)))
        {
            yield return Unknown(use.Path, use.User, use.Parameter, parameters);
        }

        HashSet<string> used = [.. uses.Select(use => use.Parameter)];
        for (int at = 0; at < parameters.Count; at++)
        {
            FitParameter parameter = parameters[at];
            if (parameter.Constraint is null && !parameter.IsFixed && !used.Contains(parameter.Name))
            {
                yield return new($"/parameters/{at}",
                    $"The parameter '{parameter.Name}' has no constraint and changes no yield and no shape, so that no data determine it; "
                        + $"use it, fix it or drop it.");
            }
        }
    }

    private static ModelDefect Unknown(string path, string user, string name, IReadOnlyList<FitParameter> parameters) => new(
        path,
        $"{user} refers to the parameter '{name}', which the model lacks; it has "
        + (parameters.Count == 0 ? "none." : $"{NearestNames.List(name, [.. parameters.Select(parameter => parameter.Name)])}."));
}

/// <summary>A reference of a channel to a parameter.</summary>
/// <param name="Path">Its JSON pointer in the model's document.</param>
/// <param name="User">What messages call it.</param>
/// <param name="Parameter">The name.</param>
internal sealed record ParameterUse(string Path, string User, string Parameter)
{
    public static IEnumerable<ParameterUse> Of(Channel channel, string path) => channel is BinnedChannel binned
        ? binned.Samples.SelectMany((sample, at) => Of(sample, binned, $"{path}/samples/{at}"))
        : ((UnbinnedChannel)channel).Processes.SelectMany((process, at) => Of(process, $"{path}/processes/{at}"));

    private static IEnumerable<ParameterUse> Of(Process process, string path)
    {
        string user = $"Process '{process.Name}'";
        return
        [
            .. Of(process.YieldFactors, factor => [factor.Parameter], $"{path}/factors", user),
            .. Of(process.ShapeVariations, shape => shape.Parameters, $"{path}/shapes", user),
        ];
    }

    private static IEnumerable<ParameterUse> Of(BinnedSample sample, BinnedChannel channel, string path)
    {
        string user = $"Sample '{sample.Name}' of channel '{channel.Name}'";
        return
        [
            .. Of(sample.YieldFactors, factor => [factor.Parameter], $"{path}/factors", user),
            .. Of(sample.Shifts, shift => [shift.Parameter], $"{path}/shifts", user),
            .. Of(sample.BinFactors, factors => factors.Parameters.OfType<string>(), $"{path}/binFactors", user),
        ];
    }

    private static IEnumerable<ParameterUse> Of<T>(
        IReadOnlyList<T> parts, Func<T, IEnumerable<string>> parameters, string path, string user) =>
        parts.SelectMany((part, at) => parameters(part).Select(name => new ParameterUse($"{path}/{at}", user, name)));
}

/// <summary>What must hold of a channel by itself.</summary>
internal static class ChannelChecks
{
    public static IEnumerable<ModelDefect> Of(UnbinnedChannel channel, string path)
    {
        for (int at = 0; at < channel.Processes.Count; at++)
        {
            Process process = channel.Processes[at];
            if (process.LogRatio is not null && process.Ratio is not null)
            {
                yield return new($"{path}/processes/{at}",
                    $"Process '{process.Name}' of channel '{channel.Name}' has both a ratio ('{process.Ratio}') and a log ratio "
                        + $"('{process.LogRatio}'); give one.");
            }
        }

        if (channel.Columns.Count == 0)
        {
            yield return new(path,
                $"No process of channel '{channel.Name}' reads a column, so that all events are alike; give a log ratio, or count the "
                    + $"events in a binned channel.");
        }

        foreach (ModelDefect defect in ModelChecks.Twice(channel.Processes.Select(process => process.Name), $"{path}/processes", name =>
            $"Two processes of channel '{channel.Name}' have the name '{name}'; names must differ."))
        {
            yield return defect;
        }
    }

    public static IEnumerable<ModelDefect> Of(BinnedChannel channel, string path) =>
        channel.Samples.SelectMany((sample, at) => Of(channel, sample, $"{path}/samples/{at}"));

    private static IEnumerable<ModelDefect> Of(BinnedChannel channel, BinnedSample sample, string path)
    {
        string where = $"Sample '{sample.Name}' of channel '{channel.Name}'";
        var yields = new List<(string Path, IReadOnlyList<double> Values)> { ($"{path}/nominal", sample.Nominal) };
        for (int at = 0; at < sample.Shifts.Count; at++)
        {
            BinShift shift = sample.Shifts[at];
            yields.AddRange([($"{path}/shifts/{at}/down", shift.Down), ($"{path}/shifts/{at}/up", shift.Up)]);
            if (Interpolation.UsesLogs(shift.Law))
            {
                yield return new($"{path}/shifts/{at}/law",
                    $"{where} has a shift by the law {shift.Law}, which is one of factors; take a law that is linear in up and down.");
            }
        }

        foreach ((string pointer, IReadOnlyList<double> values) in yields.Where(
            one => one.Values.Count != channel.BinCount || one.Values.Any(value => !double.IsFinite(value))))
        {
            yield return new(
                pointer, $"{where} has {values.Count} yields of which some may not be finite; expected {channel.BinCount} finite numbers.");
        }

        for (int at = 0; at < sample.BinFactors.Count; at++)
        {
            if (sample.BinFactors[at].Parameters.Count != channel.BinCount)
            {
                yield return new(
                    $"{path}/binFactors/{at}",
                    $"{where} has {sample.BinFactors[at].Parameters.Count} bin factors for {channel.BinCount} bins.");
            }
        }
    }
}
