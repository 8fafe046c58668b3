using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Ratios.Parametric;

namespace Gbi.Tests.Inference;

/// <summary>Models and data that cannot be fitted as they are, or only in part: what a user reads then.</summary>
public sealed class EdgeCaseTests
{
    private static readonly FitParameter Mu = new() { Name = "mu", Initial = 1 };
    private static readonly EventTable Events = EventTable.FromColumns(("r", [0.5f, 1, 2, 0.8f]), ("d", [0.1f, -0.2f, 0.3f, 0]));
    private static readonly Process Background = new("background", 3);

    [Test]
    public void A_yield_of_0_leaves_its_strength_undetermined()
    {
        FitResult fit = Fit([Mu with { Lower = 0, Upper = 10 }], Signal(0), Background);
        Assert.That(fit.Degenerate, Is.EqualTo(new[] { "mu" }));
        Assert.That(fit.Errors, Is.All.NaN);
        Assert.That(fit.Remarks[0], Is.EqualTo("mu is not determined: the likelihood does not depend on it."));
    }

    [Test]
    public void Yields_that_are_all_0_are_told_with_the_first_event() => Assert.That(
        () => Fit([Mu], Signal(0)),
        Throws.TypeOf<FitException>().With.Message.Contains(
            "Event 0 of channel 'sr' has an expected density that is not positive; the processes' yields are signal 0."));

    [Test]
    public void A_negative_expected_density_is_told_with_its_event_and_yields() => Assert.That(
        () => Fit([Mu with { Initial = -4 }], Signal(1), Background),
        Throws.TypeOf<FitException>().With.Message.Contains(
            "Event 1 of channel 'sr' has an expected density that is not positive; the processes' yields are signal -4, background 3."));

    [Test]
    public void A_parameter_that_changes_nothing_is_refused() => Assert.That(
        () => Fit([Mu, new FitParameter { Name = "kappa" }], Signal(1), Background),
        Throws.ArgumentException.With.Message.EqualTo(
            "The parameter 'kappa' has no constraint and changes no yield and no shape, so that no data determine it; use it, fix it or "
                + "drop it."));

    [Test]
    public void Nuisances_that_only_their_constraints_tell_apart_stay_apart()
    {
        // Both have the same column: the data know ν₁ + ν₂ alone, the constraints keep ν₁ − ν₂ at 0 with an error of √2.
        FitResult fit = Fit([Mu, new NuisanceParameter("a"), new NuisanceParameter("b")], Signal(1), Varied("a", "b"));
        Assert.That(fit.Degenerate, Is.Empty);
        Assert.That(fit.Parameters[1], Is.EqualTo(fit.Parameters[2]).Within(1e-9));
        double ofDifference = fit.Covariance![4] + fit.Covariance[8] - (2 * fit.Covariance[5]);
        Assert.That(ofDifference, Is.EqualTo(2).Within(1e-9));
    }

    [Test]
    public void Nuisances_without_constraints_that_do_the_same_are_named()
    {
        FitResult fit = Fit([new FitParameter { Name = "a" }, new FitParameter { Name = "b" }], Varied("a", "b"));
        Assert.That(fit.Degenerate, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(fit.Remarks[0], Is.EqualTo("a and b are not determined separately: only a + b is."));
    }

    [Test]
    public void A_parameter_at_its_bound_is_named()
    {
        FitResult fit = Fit([Mu with { Lower = 2, Upper = 10, Initial = 3 }], Signal(40), Background);
        Assert.That(fit.AtBounds, Is.EqualTo(new[] { "mu" }));
        Assert.That(fit.Remarks, Has.Member("mu ended at a bound; its error is not reliable."));
    }

    [Test]
    public void A_ratio_that_is_no_number_is_told_with_its_events()
    {
        EventTable broken = EventTable.FromColumns(("r", [1, float.NaN, 2, float.NaN]), ("d", new float[4]));
        Assert.That(
            () => new Likelihood(Model([Mu], Signal(1), Background), Data(broken)),
            Throws.TypeOf<DataException>().With.Message.EqualTo(
                "Column 'r' of channel 'sr', which Process 'signal' reads, is NaN at event 1 and wrong at 2 in all; expected a finite "
                    + "ratio of 0 or more. Mend or drop these events."));
    }

    [Test]
    public void Asimov_data_and_toys_without_a_reference_are_refused()
    {
        var test = new StrengthTest(Model([Mu with { Lower = 0, Upper = 10 }], Signal(1), Background), Data(Events));
        Assert.That(
            () => test.Test(1),
            Throws.TypeOf<FitException>().With.Message.EqualTo(
                "Channel 'sr' has no reference sample, which Asimov data and toys are made of; give it one."));
    }

    private static Process Signal(double yield) => new("signal", yield) { Ratio = "r", YieldFactors = [YieldFactor.Strength("mu")] };

    private static Process Varied(params string[] parameters) => new("varied", 4)
    {
        ShapeVariations = [.. parameters.Select(name => new ExponentialVariation(new ExponentTerm(Monomial.Of(name), "d")))],
        YieldFactors = [.. parameters.Select(name => YieldFactor.Exponential(name, 0.3))],
    };

    private static LikelihoodModel Model(FitParameter[] parameters, params Process[] processes) =>
        new(parameters, [new UnbinnedChannel("sr", processes)], parameters[0].Name);

    private static ObservedData Data(EventTable events, int constrained = 0) =>
        new() { Events = [events], Auxiliary = new double[constrained] };

    private static FitResult Fit(FitParameter[] parameters, params Process[] processes)
    {
        LikelihoodModel model = Model(parameters, processes);
        return ProfileLikelihood.Of(new Likelihood(model, Data(Events, model.ConstrainedParameters.Count))).Fit();
    }
}
