using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Model;

/// <summary>What must hold of data for a model; every failure is one sentence. Columns are checked where they are arranged.</summary>
internal static class DataChecks
{
    public static void Require(LikelihoodModel model, ModelData data)
    {
        if (data.Counts.Count != model.BinCount || data.Auxiliary.Count != model.ConstrainedParameters.Count
            || data.Events.Count != model.UnbinnedChannels.Count)
        {
            throw new ArgumentException(
                $"The data have {data.Counts.Count} counts, {data.Auxiliary.Count} auxiliary measurements and {data.Events.Count} tables "
                    + $"of events; "
                + $"the model has {model.BinCount} bins, {model.ConstrainedParameters.Count} constrained parameters and "
                + $"{model.UnbinnedChannels.Count} unbinned channels.",
                nameof(data));
        }

        for (int bin = 0; bin < data.Counts.Count; bin++)
        {
            if (!(data.Counts[bin] >= 0) || !double.IsFinite(data.Counts[bin]))
            {
                throw new DataException(Text($"{BinName(model, bin)} holds {data.Counts[bin]}, expected a finite count of 0 or more."));
            }
        }

        for (int k = 0; k < data.Auxiliary.Count; k++)
        {
            FitParameter parameter = model.Parameters[model.ConstrainedParameters[k]];
            if (!parameter.Constraint!.IsPossible(data.Auxiliary[k]))
            {
                throw new DataException(Text(
                    $"The auxiliary measurement of '{parameter.Name}' is {data.Auxiliary[k]}, which its constraint does not allow."));
            }
        }
    }

    /// <summary>A weight that is no finite number.</summary>
    public static void RequireWeights(ReadOnlySpan<double> weights, string channel)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (!double.IsFinite(weights[i]))
            {
                throw new DataException(
                    Text(
                        $"The weight of event {i} of channel '{channel}' is {weights[i]}, expected a finite number; mend or drop that "
                            + $"event."));
            }
        }
    }

    private static string BinName(LikelihoodModel model, int bin)
    {
        foreach (BinnedChannel channel in model.BinnedChannels)
        {
            if (bin < channel.BinCount)
            {
                return $"Bin {bin} of channel '{channel.Name}'";
            }

            bin -= channel.BinCount;
        }

        return $"Bin {bin}";
    }
}
