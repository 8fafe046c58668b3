using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Reports.Json.Results;
using Gbi.Searches.Results;

namespace Gbi.Tests.Searches.Results;

/// <summary>A fit that finds nothing costs its own number and not the search.</summary>
public sealed class FailedFitsTests
{
    [Test]
    public void An_interval_that_is_not_found_is_named_and_the_others_stay()
    {
        var failed = new FailedFits();
        ConfidenceInterval narrow = failed.Interval(0.68, level => new ConfidenceInterval(1, 3, level));
        ConfidenceInterval wide = failed.Interval(0.95, _ => throw new FitException("No minimum."));
        string? curves = failed.Try<string>("Curves", () => throw new FitException("No contour."));

        Assert.That(narrow, Is.EqualTo(new ConfidenceInterval(1, 3, 0.68)));
        Assert.That((wide.Lower, wide.Upper, wide.ConfidenceLevel), Is.EqualTo((double.NaN, double.NaN, 0.95)));
        Assert.That(curves, Is.Null);
        Assert.That(failed.Sentences, Is.EqualTo(
        [
            "The 95 % interval of the signal fraction could not be found: No minimum.", "Curves could not be found: No contour.",
        ]));
        var document = SignalFractionDocument.Of(new SignalFraction(2, narrow, wide, "ratio fit"));
        Assert.That((document.Interval68.Lower, document.Interval95.Lower), Is.EqualTo((1, double.NaN)));
    }

    [Test]
    public void Other_failures_are_not_taken_for_a_fit_that_finds_nothing() => Assert.Throws<OperationCanceledException>(
        () => new FailedFits().Interval(0.95, _ => throw new OperationCanceledException()));
}
