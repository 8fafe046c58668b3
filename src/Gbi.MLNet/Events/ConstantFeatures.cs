using static Gbi.Numerics.InvariantText;

namespace Gbi.Events;

/// <summary>Features that have one value in all events, and so cannot separate any.</summary>
internal static class ConstantFeatures
{
    /// <summary>A sentence for each of them.</summary>
    /// <param name="features">Names of the features.</param>
    /// <param name="samples">The samples that are compared; missing values do not count, unless there are no others.</param>
    public static IReadOnlyList<string> SentencesOf(IReadOnlyList<string> features, params EventTable[] samples)
    {
        List<string> sentences = [];
        foreach (string feature in features)
        {
            float? value = null;
            bool isConstant = samples.All(sample => sample[feature].ToArray().All(IsTheSame));
            if (isConstant)
            {
                long count = samples.Sum(sample => (long)sample.Count);
                sentences.Add(
                    value is null
                        ? Text($"Feature '{feature}' is missing in all {count:N0} events; it separates nothing, leave it out.")
                        : Text($"Feature '{feature}' is {value:G6} in all {count:N0} events; it separates nothing, leave it out."));
            }

            bool IsTheSame(float found)
            {
                value ??= float.IsNaN(found) ? null : found;
                return float.IsNaN(found) || found == value;
            }
        }

        return sentences;
    }
}
