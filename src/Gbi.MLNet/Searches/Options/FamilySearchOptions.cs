using Gbi.Events;
using Gbi.Ratios.Families;

namespace Gbi.Searches.Options;

/// <summary>A family of signals in place of one: which columns of the signal sample are its parameters, and how it is learnt and
/// fitted.</summary>
public sealed record FamilySearchOptions
{
    /// <summary>Name of the signal fraction among the fitted numbers.</summary>
    public const string Fraction = "mu";

    /// <summary>Columns of the signal sample that hold the parameters θ of each event; at least one, no name twice.</summary>
    public required IReadOnlyList<string> Parameters
    {
        get;
        init =>
            field = value is { Count: > 0 } && value.Distinct(StringComparer.Ordinal).Count() == value.Count
                ? [.. value]
                : throw new ArgumentException(
            "A signal family needs the names of its parameters, each once.", nameof(Parameters));
    }

    /// <summary>How the ratio r(x;θ) is learnt.</summary>
    public SignalFamilyOptions Training { get; init; } = new();

    /// <summary>How signal fraction and parameters are fitted.</summary>
    public FamilyFitOptions Fit { get; init; } = new();

    /// <summary>Checks that a search with this family can be run.</summary>
    /// <exception cref="ArgumentException">The options disagree.</exception>
    /// <exception cref="DataException">There is no signal sample, or it lacks a parameter.</exception>
    internal void Require(ResonanceSearchOptions options, EventTable? signal)
    {
        Require(options.Schema);
        if (options.Inference.UsesMass)
        {
            throw new ArgumentException(
                "A signal family cannot use the mass within the signal region; leave out either Family or Inference.UsesMass.");
        }

        if (signal is null)
        {
            throw new DataException(
                $"A signal family in {string.Join(", ", Parameters)} needs a signal sample with these columns, and there is none.");
        }

        if (Parameters.FirstOrDefault(name => !signal.ColumnNames.Contains(name)) is { } missing)
        {
            throw new DataException(
                $"The signal sample has no column '{missing}', which is to be a parameter of the signal family; its columns are "
                    + $"{string.Join(", ", signal.ColumnNames)}.");
        }
    }

    /// <summary>Checks what parameters, features and options say of each other.</summary>
    /// <exception cref="ArgumentException">They disagree; the message says what to change.</exception>
    public void Require(EventSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (Parameters.FirstOrDefault(name => schema.Observables.Contains(name)) is { } twice)
        {
            throw new ArgumentException(
                $"'{twice}' is a parameter of the signal family and a column of the data; give a parameter that the data do not contain.");
        }

        if (Parameters.Contains(Fraction))
        {
            throw new ArgumentException(
                $"A parameter of the signal family is called '{Fraction}', which is the signal fraction's name; rename the column.");
        }

        if (Training.IsInterchangeable && Parameters.Count != 2)
        {
            throw new ArgumentException(
                $"An interchangeable family has two parameters, but this one has {Parameters.Count}: {string.Join(", ", Parameters)}.");
        }

        foreach (AlignedFeature pair in Training.Aligned)
        {
            if (!schema.Features.Contains(pair.Feature))
            {
                throw new ArgumentException(
                    $"'{pair.Feature}' is aligned with the parameter {pair.Parameter}, but is none of the features "
                        + $"{string.Join(", ", schema.Features)}; add it to them, or leave the pair out.");
            }

            if (!Parameters.Contains(pair.Parameter))
            {
                throw new ArgumentException(
                    $"The feature {pair.Feature} is aligned with '{pair.Parameter}', which is none of the parameters "
                        + $"{string.Join(", ", Parameters)}.");
            }
        }
    }
}
