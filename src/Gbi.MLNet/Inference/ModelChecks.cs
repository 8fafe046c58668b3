using System.Globalization;
using Gbi.Systematics;

namespace Gbi.Inference;

/// <summary>What must hold of a model; every failure is one sentence.</summary>
internal static class ModelChecks
{
    /// <summary>Parameters by name.</summary>
    public static Dictionary<string, int> Number(IReadOnlyList<FitParameter> parameters)
    {
        var numbers = new Dictionary<string, int>();
        for (int at = 0; at < parameters.Count; at++)
        {
            if (!numbers.TryAdd(parameters[at].Name, at))
            {
                throw new ArgumentException($"The parameter '{parameters[at].Name}' is there twice; one that channels share is listed once.");
            }
        }

        return numbers;
    }

    public static void Require(IReadOnlyList<FitParameter> parameters, IReadOnlyList<Channel> channels)
    {
        foreach (FitParameter parameter in parameters)
        {
            RequireParameter(parameter);
        }

        if (channels.Count == 0)
        {
            throw new ArgumentException("The model has no channel; give one or more.");
        }

        foreach (IGrouping<string, Channel> same in channels.GroupBy(channel => channel.Name).Where(same => same.Count() > 1))
        {
            throw new ArgumentException($"Two channels have the name '{same.Key}'; names must differ.");
        }

        foreach (BinnedChannel channel in channels.OfType<BinnedChannel>())
        {
            foreach (BinnedSample sample in channel.Samples)
            {
                RequireSample(channel, sample);
            }
        }

        foreach (UnbinnedChannel channel in channels.OfType<UnbinnedChannel>())
        {
            RequireProcesses(channel);
        }

        RequireConnected(parameters, channels);
    }

    /// <summary>A parameter without constraint must change something: no data could determine it otherwise.</summary>
    private static void RequireConnected(IReadOnlyList<FitParameter> parameters, IReadOnlyList<Channel> channels)
    {
        HashSet<string> used = [.. channels.SelectMany(ParametersOf)];
        FitParameter? idle = parameters.FirstOrDefault(parameter => parameter.Constraint is null && !parameter.IsFixed && !used.Contains(parameter.Name));
        if (idle is not null)
        {
            throw new ArgumentException(
                $"The parameter '{idle.Name}' has no constraint and changes no yield and no shape, so that no data determine it; use it, fix it or drop it.");
        }
    }

    private static IEnumerable<string> ParametersOf(Channel channel) => channel switch
    {
        UnbinnedChannel unbinned => unbinned.Processes.SelectMany(process =>
            process.YieldFactors.Select(factor => factor.Parameter).Concat(process.ShapeVariations.SelectMany(shape => shape.Parameters))),
        BinnedChannel binned => binned.Samples.SelectMany(sample => sample.YieldFactors.Select(factor => factor.Parameter)
            .Concat(sample.Shifts.Select(shift => shift.Parameter)).Concat(sample.BinFactors.SelectMany(factors => factors.Parameters).OfType<string>())),
        _ => [],
    };

    private static void RequireParameter(FitParameter parameter)
    {
        if (!(parameter.Lower <= parameter.Upper) || !double.IsFinite(parameter.Initial))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Parameter '{parameter.Name}' starts at {parameter.Initial} within [{parameter.Lower}, {parameter.Upper}]; expected a finite start and ordered bounds."));
        }
    }

    private static void RequireProcesses(UnbinnedChannel channel)
    {
        foreach (Process process in channel.Processes)
        {
            if (process.LogRatio is not null && process.Ratio is not null)
            {
                throw new ArgumentException(
                    $"Process '{process.Name}' of channel '{channel.Name}' has both a ratio ('{process.Ratio}') and a log ratio ('{process.LogRatio}'); give one.");
            }
        }

        if (channel.Columns.Count == 0)
        {
            throw new ArgumentException(
                $"No process of channel '{channel.Name}' reads a column, so that all events are alike; give a log ratio, or count the events in a binned channel.");
        }

        foreach (IGrouping<string, Process> same in channel.Processes.GroupBy(process => process.Name).Where(same => same.Count() > 1))
        {
            throw new ArgumentException($"Two processes of channel '{channel.Name}' have the name '{same.Key}'; names must differ.");
        }
    }

    private static void RequireSample(BinnedChannel channel, BinnedSample sample)
    {
        string where = $"Sample '{sample.Name}' of channel '{channel.Name}'";
        RequireBins(sample.Nominal, channel.BinCount, where);
        foreach (BinShift shift in sample.Shifts)
        {
            RequireBins(shift.Down, channel.BinCount, where);
            RequireBins(shift.Up, channel.BinCount, where);
            if (Interpolation.UsesLogs(shift.Law))
            {
                throw new ArgumentException($"{where} has a shift by the law {shift.Law}, which is one of factors; take a law that is linear in up and down.");
            }
        }

        foreach (BinFactors factors in sample.BinFactors.Where(factors => factors.Parameters.Count != channel.BinCount))
        {
            throw new ArgumentException($"{where} has {factors.Parameters.Count} bin factors for {channel.BinCount} bins.");
        }
    }

    private static void RequireBins(IReadOnlyList<double> values, int count, string where)
    {
        if (values.Count != count || values.Any(value => !double.IsFinite(value)))
        {
            throw new ArgumentException($"{where} has {values.Count} yields of which some may not be finite; expected {count} finite numbers.");
        }
    }
}
