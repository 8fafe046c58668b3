namespace Gbi.Inference.Binned;

/// <summary>What must hold of a binned model.</summary>
internal static class BinnedModelChecks
{
    public static void Require(IReadOnlyList<FitParameter> parameters, IReadOnlyList<BinnedChannel> channels, int? parameterOfInterest)
    {
        var names = new HashSet<string>();
        foreach (FitParameter parameter in parameters)
        {
            RequireParameter(parameter, isNew: names.Add(parameter.Name));
        }

        if (parameterOfInterest is { } index && !(index >= 0 && index < parameters.Count))
        {
            throw new ArgumentException($"The parameter of interest has the index {index}, expected 0 to {parameters.Count - 1}.");
        }

        if (channels.Count == 0)
        {
            throw new ArgumentException("A binned model has no channel; give at least one.");
        }

        foreach (BinnedChannel channel in channels)
        {
            foreach (BinnedSample sample in channel.Samples)
            {
                RequireSample(channel, sample, parameters.Count);
            }
        }
    }

    private static void RequireParameter(FitParameter parameter, bool isNew)
    {
        if (!isNew)
        {
            throw new ArgumentException($"Two parameters have the name '{parameter.Name}'; names must differ.");
        }

        if (!(parameter.Lower <= parameter.Upper) || !double.IsFinite(parameter.Initial))
        {
            throw new ArgumentException(
                $"Parameter '{parameter.Name}' starts at {parameter.Initial} within [{parameter.Lower}, {parameter.Upper}]; expected a finite start and ordered bounds.");
        }
    }

    private static void RequireSample(BinnedChannel channel, BinnedSample sample, int parameterCount)
    {
        string where = $"Sample '{sample.Name}' of channel '{channel.Name}'";
        RequireBins(sample.Nominal, channel.BinCount, where);
        foreach (SampleModifier modifier in sample.Modifiers)
        {
            switch (modifier)
            {
                case ShapeVariation shape:
                    RequireBins(shape.Down, channel.BinCount, where);
                    RequireBins(shape.Up, channel.BinCount, where);
                    RequireIndex(shape.Parameter, 0, parameterCount, where);
                    break;
                case YieldVariation variation:
                    RequireIndex(variation.Parameter, 0, parameterCount, where);
                    break;
                case YieldFactor factor:
                    RequireIndex(factor.Parameter, 0, parameterCount, where);
                    break;
                case BinFactors factors:
                    if (factors.Parameters.Count != channel.BinCount)
                    {
                        throw new ArgumentException($"{where} has {factors.Parameters.Count} bin factors for {channel.BinCount} bins.");
                    }

                    foreach (int index in factors.Parameters)
                    {
                        RequireIndex(index, -1, parameterCount, where);
                    }

                    break;
            }
        }
    }

    private static void RequireBins(IReadOnlyList<double> values, int count, string where)
    {
        if (values.Count != count || values.Any(value => !double.IsFinite(value)))
        {
            throw new ArgumentException($"{where} has {values.Count} yields of which some may not be finite; expected {count} finite numbers.");
        }
    }

    private static void RequireIndex(int index, int least, int count, string where)
    {
        if (index < least || index >= count)
        {
            throw new ArgumentException($"{where} has a modifier of parameter {index}; the model has {count} parameters.");
        }
    }
}
