using Gbi.Events;

namespace Gbi.Posteriors.Misspecification;

/// <summary>
/// Whether an observation has a value outside the range of a feature in training, or misses features together that no training observation
/// does. Of n + 1 exchangeable observations a given one has the smallest or largest value of one of d features with a probability of at
/// most 2d/(n + 1), another value than all others in one of c constant features with at most c/(n + 1), and a pattern that no other has
/// with the share of the patterns that one observation alone has.
/// </summary>
internal sealed class TrainingRange
{
    private readonly MisspecificationState _state;
    private readonly HashSet<string> _patterns;

    public TrainingRange(MisspecificationState state)
    {
        _state = state;
        _patterns = [.. state.MissingPatterns];
    }

    /// <summary>How often a training observation is so different, at most; 1 where this one is not.</summary>
    public double Probability(float[][] columns, int row)
    {
        if (Enumerable.Range(0, columns.Length).Any(feature => IsConstant(feature) && IsOutside(columns, feature, row)))
        {
            return Share(Enumerable.Range(0, columns.Length).Count(IsConstant));
        }

        return Outside(columns, row).Count == 0 && HasKnownPattern(columns, row)
            ? 1
            : Share((2.0 * _state.Features.Count) + 1 + _state.RarePatternCount);
    }

    /// <summary>What is different, in a sentence without its end.</summary>
    public string Describe(float[][] columns, int row)
    {
        List<string> parts = [.. Outside(columns, row)];
        if (!HasKnownPattern(columns, row))
        {
            string[] missing = [.. _state.Features.Where((_, feature) => float.IsNaN(columns[feature][row]))];
            parts.Add(missing.Length == 0
                ? "no feature is missing, which no training observation shows"
                : $"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing, which no training observation shows");
        }

        return string.Join("; ", parts);
    }

    /// <summary>The range, the patterns of missing features, and how many of these one row alone has.</summary>
    public static (float[] Lowest, float[] Highest, string[] Patterns, int Rare) Learn(IReadOnlyList<string> features, float[][] columns)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int row = 0; row < columns[0].Length; row++)
        {
            string pattern = Pattern(columns, row);
            counts[pattern] = counts.GetValueOrDefault(pattern) + 1;
        }

        float[] lowest = new float[columns.Length];
        float[] highest = new float[columns.Length];
        for (int feature = 0; feature < columns.Length; feature++)
        {
            float[] known = [.. columns[feature].Where(value => !float.IsNaN(value))];
            if (Array.Exists(known, float.IsInfinity))
            {
                throw new DataException(
                    $"Feature '{features[feature]}' of a training observation is infinite; leave out failed simulations.");
            }

            (lowest[feature], highest[feature]) = known.Length > 0 ? (known.Min(), known.Max()) : (float.NaN, float.NaN);
        }

        return (lowest, highest, [.. counts.Keys.Order(StringComparer.Ordinal)], counts.Count(count => count.Value == 1));
    }

    private List<string> Outside(float[][] columns, int row)
    {
        List<string> outside = [];
        for (int feature = 0; feature < columns.Length; feature++)
        {
            if (IsOutside(columns, feature, row))
            {
                outside.Add(
                    Numerics.InvariantText.Text($"{_state.Features[feature]} = {columns[feature][row]:G4} lies outside ")
                    + Numerics.InvariantText.Text($"[{_state.Lowest[feature]:G4}, {_state.Highest[feature]:G4}]"));
            }
        }

        return outside;
    }

    private bool IsConstant(int feature) => _state.Lowest[feature] == _state.Highest[feature];

    private bool IsOutside(float[][] columns, int feature, int row) =>
        columns[feature][row] < _state.Lowest[feature] || columns[feature][row] > _state.Highest[feature];

    private double Share(double different) => Math.Min(1, different / (1 + _state.TrainingCount));

    private bool HasKnownPattern(float[][] columns, int row) => _patterns.Contains(Pattern(columns, row));

    private static string Pattern(float[][] columns, int row) => string.Create(columns.Length, (columns, row), static (text, source) =>
    {
        for (int feature = 0; feature < text.Length; feature++)
        {
            text[feature] = float.IsNaN(source.columns[feature][source.row]) ? '1' : '0';
        }
    });
}
