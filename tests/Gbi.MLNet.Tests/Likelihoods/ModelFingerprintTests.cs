using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using Gbi.Ratios.Parametric;

namespace Gbi.Tests.Likelihoods;

[TestFixture]
internal sealed class ModelFingerprintTests
{
    [Test]
    public void Equal_content_has_equal_fingerprints()
    {
        string found = new Content().Fingerprint();
        Assert.That(found, Has.Length.EqualTo(64));
        Assert.That(new Content().Fingerprint(), Is.EqualTo(found));
    }

    [Test]
    public void Whatever_changes_the_likelihood_changes_the_fingerprint()
    {
        var content = new Content();
        Content[] others =
        [
            content with { Lower = -1 }, content with { Count = 8 }, content with { Auxiliary = 0.1 }, content with { Width = 2 },
            content with { Nominal = 6 }, content with { Up = 7 }, content with { Law = InterpolationLaw.PiecewiseLinear },
            content with { Coefficient = 0.2 }, content with { Yield = 31 }, content with { Column = "b" }, content with { Order = 2 },
            content with { Event = 0.25f }, content with { Reference = 0.75f }, content with { Normalises = false },
            content with { Name = "nu2" },
        ];
        string[] found = [content.Fingerprint(), .. others.Select(other => other.Fingerprint())];
        Assert.That(found, Is.Unique);
    }

    private sealed record Content
    {
        public double Lower { get; init; }

        public double Count { get; init; } = 7;

        public double Auxiliary { get; init; }

        public double Width { get; init; } = 1;

        public double Nominal { get; init; } = 5;

        public double Up { get; init; } = 6;

        public InterpolationLaw Law { get; init; } = InterpolationLaw.PolynomialLinear;

        public double Coefficient { get; init; } = 0.1;

        public double Yield { get; init; } = 30;

        public string Column { get; init; } = "a";

        public int Order { get; init; } = 1;

        public float Event { get; init; } = 0.5f;

        public float Reference { get; init; } = 0.5f;

        public bool Normalises { get; init; } = true;

        public string Name { get; init; } = "nu";

        public string Fingerprint()
        {
            Monomial monomial = Order == 1 ? Monomial.Of(Name) : Monomial.Of(Name, Name);
            var unbinned = new UnbinnedChannel("sr", [
                new Process("s", Yield) { Ratio = "a", YieldFactors = [YieldFactor.Strength("mu")] },
                new Process("b", 20)
                {
                    YieldFactors = [YieldFactor.Polynomial(Name, 1, Coefficient)],
                    ShapeVariations = [new ExponentialVariation(new ExponentTerm(monomial, Column))]
                }])
            { Reference = Table(Reference), NormalisesShapes = Normalises };
            var binned = new BinnedChannel("cr", [new BinnedSample("b", [Nominal]) { Shifts = [new BinShift(Name, [4], [Up], Law)] }]);
            var model = new LikelihoodModel(
                [
                    new FitParameter { Name = "mu", Lower = Lower },
                    new FitParameter { Name = Name, Constraint = Constraint.Gaussian(0, Width) }
                ],
                [unbinned, binned], "mu");
            return ModelFingerprint.Of(model, new ObservedData { Events = [Table(Event)], Counts = [Count], Auxiliary = [Auxiliary] });
        }

        private static EventTable Table(float value) => EventTable.FromColumns(("a", [value, 1]), ("b", [1, 2]));
    }
}
