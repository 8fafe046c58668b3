using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Results;

/// <summary>Keeps what fits that find nothing say, so that one of them does not cost a search.</summary>
internal sealed class FailedFits
{
    private readonly List<string> _sentences = [];

    /// <summary>A sentence for each.</summary>
    public IReadOnlyList<string> Sentences => _sentences;

    /// <summary>What is asked for; null where no fit finds it.</summary>
    public T? Try<T>(string what, Func<T> find)
        where T : class
    {
        try
        {
            return find();
        }
        catch (FitException failure)
        {
            _sentences.Add($"{what} could not be found: {failure.Message}");
            return null;
        }
    }

    /// <summary>An interval; NaN at both ends where no fit finds it.</summary>
    public ConfidenceInterval Interval(double level, Func<double, ConfidenceInterval> find)
    {
        try
        {
            return find(level);
        }
        catch (FitException failure)
        {
            _sentences.Add(Text($"The {100 * level:G4} % interval of the signal fraction could not be found: {failure.Message}"));
            return new ConfidenceInterval(double.NaN, double.NaN, level);
        }
    }
}
