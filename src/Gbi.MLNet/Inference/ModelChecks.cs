using Gbi.Systematics;

namespace Gbi.Inference;

/// <summary>What must hold of a model before its events are arranged; every failure is one sentence.</summary>
internal static class ModelChecks
{
    /// <summary>The number of events, which all columns must share.</summary>
    public static int CountEvents(UnbinnedModel model)
    {
        if (model.Processes is [])
        {
            throw new ArgumentException("The model has no process; give one or more.", nameof(model));
        }

        int? count = null;
        string first = "";
        foreach (Process process in model.Processes)
        {
            if (!process.Ratio.IsEmpty)
            {
                Require($"the ratio of '{process.Name}'", process.Ratio.Length);
                RequireFinite(process);
            }

            foreach (ShapeVariation shape in process.ShapeVariations)
            {
                Require($"the variation of '{process.Name}' by {string.Join(", ", shape.Parameters)}", shape.Count);
            }
        }

        if (!model.Weights.IsEmpty)
        {
            Require("the weights", model.Weights.Length);
            RequireFinite(model.Weights.Span);
        }

        return count is > 0
            ? count.Value
            : throw new ArgumentException("The model has no event: no process has a ratio or a shape variation with values.", nameof(model));

        void Require(string what, int length)
        {
            (count, first) = count is null ? (length, what) : (count, first);
            if (length != count)
            {
                throw new ArgumentException($"In the model, {what} has {length} events and {first} {count}; give one value an event to each.");
            }
        }
    }

    /// <summary>Parameters by name.</summary>
    public static IReadOnlyDictionary<string, int> Number(IReadOnlyList<string> parameters)
    {
        var numbers = new Dictionary<string, int>();
        for (int at = 0; at < parameters.Count; at++)
        {
            if (!numbers.TryAdd(parameters[at], at))
            {
                throw new ArgumentException($"The parameter '{parameters[at]}' is there twice; a nuisance that processes share is listed once.");
            }
        }

        return numbers;
    }

    /// <summary>Every parameter without constraint must change something: the data could not determine it otherwise.</summary>
    public static void RequireConnected(UnbinnedModel model)
    {
        HashSet<string> used = [.. model.Processes.SelectMany(process =>
            process.YieldFactors.Select(factor => factor.Parameter).Concat(process.ShapeVariations.SelectMany(shape => shape.Parameters)))];
        string? idle = model.FreeParameters
            .Concat(model.Nuisances.Where(nuisance => nuisance.Constraint == Constraint.None).Select(nuisance => nuisance.Name))
            .FirstOrDefault(name => !used.Contains(name));
        if (idle is not null)
        {
            throw new ArgumentException(
                $"The parameter '{idle}' has no constraint and changes no yield and no shape, so that no data determine it; use it or drop it.");
        }
    }

    private static void RequireFinite(Process process)
    {
        ReadOnlySpan<float> ratios = process.Ratio.Span;
        for (int i = 0; i < ratios.Length; i++)
        {
            if (!float.IsFinite(ratios[i]) || ratios[i] < 0)
            {
                throw new ArgumentException(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"The ratio of '{process.Name}' is {ratios[i]} at event {i}, expected a finite number of 0 or more; mend or drop that event."));
            }
        }
    }

    private static void RequireFinite(ReadOnlySpan<double> weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (!double.IsFinite(weights[i]))
            {
                throw new ArgumentException(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"The weight of event {i} is {weights[i]}, expected a finite number; mend or drop that event."));
            }
        }
    }
}
