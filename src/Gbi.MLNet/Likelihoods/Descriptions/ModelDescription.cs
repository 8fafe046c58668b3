using System.Text;
using Gbi.Events;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Descriptions;

/// <summary>A model as text: a table of its parameters, and one of each channel.</summary>
internal static class ModelDescription
{
    public static string Of(
        IReadOnlyList<FitParameter> parameters, IReadOnlyList<Channel> channels, int? parameterOfInterest, ModelData? data)
    {
        var text = new StringBuilder();
        AppendParameters(text, parameters, parameterOfInterest);
        (int unbinned, int bin) = (0, 0);
        foreach (Channel channel in channels)
        {
            text.Append('\n');
            if (channel is BinnedChannel binned)
            {
                Append(text, binned, data?.Counts.Skip(bin).Take(binned.BinCount).Sum());
                bin += binned.BinCount;
            }
            else
            {
                Append(text, (UnbinnedChannel)channel, data?.Events[unbinned++]);
            }
        }

        return text.ToString();
    }

    private static void AppendParameters(StringBuilder text, IReadOnlyList<FitParameter> parameters, int? parameterOfInterest)
    {
        var table = new TextTable(("Parameter", false), ("Start", true), ("Bounds", false), ("Constraint", false), ("Remark", false));
        for (int at = 0; at < parameters.Count; at++)
        {
            FitParameter parameter = parameters[at];
            string[] remarks =
            [
                .. at == parameterOfInterest ? ["of interest"] : Array.Empty<string>(),
                .. parameter.IsFixed ? ["fixed"] : Array.Empty<string>()
            ];
            table.Add(
                parameter.Name, PartText.Of(parameter.Initial), PartText.OfBounds(parameter), PartText.Of(parameter.Constraint),
                string.Join(", ", remarks));
        }

        table.AppendTo(text);
    }

    private static void Append(StringBuilder text, UnbinnedChannel channel, EventTable? events)
    {
        string shapes = channel.NormalisesShapes ? ", shapes normalised on it" : "";
        text.Append($"Channel '{channel.Name}', unbinned: {(events is null ? "no data" : Size(events))}; ");
        text.Append(channel.Reference is null ? "no reference sample\n" : $"reference sample of {Size(channel.Reference)}{shapes}\n");
        var table = new TextTable(("Process", false), ("Yield", true), ("Factors", false), ("Ratio to reference", false), ("Shape", false));
        foreach (Process process in channel.Processes)
        {
            table.Add(
                process.Name,
                PartText.Of(process.ExpectedYield),
                PartText.Joined(process.YieldFactors.Select(PartText.Of), " · "),
                PartText.OfRatio(process),
                PartText.Joined(process.ShapeVariations.Select(PartText.Of), " · "));
        }

        table.AppendTo(text);
        foreach (ShapeIntegral changed in ShapeIntegral.Of(channel).Where(integral => integral.IsChanged))
        {
            text.Append(changed.Sentence()).Append('\n');
        }
    }

    private static void Append(StringBuilder text, BinnedChannel channel, double? counts)
    {
        string bins = channel.BinCount == 1 ? "1 bin" : $"{PartText.OfCount(channel.BinCount)} bins";
        text.Append($"Channel '{channel.Name}', {bins}: {(counts is { } sum ? $"{PartText.Of(sum)} counts" : "no data")}\n");
        var table = new TextTable(("Sample", false), ("Yield", true), ("Factors", false), ("Shifts", false), ("Bin factors", false));
        foreach (BinnedSample sample in channel.Samples)
        {
            table.Add(
                sample.Name,
                PartText.Of(sample.Nominal.Sum()),
                PartText.Joined(sample.YieldFactors.Select(PartText.Of), " · "),
                PartText.Joined(sample.Shifts.Select(PartText.Of), ", "),
                PartText.Joined(sample.BinFactors.SelectMany(factors => factors.Parameters.OfType<string>()), ", "));
        }

        table.AppendTo(text);
    }

    private static string Size(EventTable events) => events.HasWeights
        ? $"{PartText.OfCount(events.Count)} events (weights sum to {PartText.Of(events.SumOfWeights)})"
        : $"{PartText.OfCount(events.Count)} events";
}
