using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Model;

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

        foreach ((string place, IReadOnlyList<double> values) in yields.Where(
            one => one.Values.Count != channel.BinCount || one.Values.Any(value => !double.IsFinite(value))))
        {
            yield return new(
                place, $"{where} has {values.Count} yields of which some may not be finite; expected {channel.BinCount} finite numbers.");
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
