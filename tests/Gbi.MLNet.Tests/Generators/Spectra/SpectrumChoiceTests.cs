using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Simulators;
using Gbi.Tests.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Generators.Spectra;

/// <summary>Spectra chosen by AIC, on simulated dijets from 2.6 to 8 TeV with wide sidebands.</summary>
[TestFixture]
internal sealed class SpectrumChoiceTests
{
    private static readonly MassWindow Window = new(3.3, 3.7);
    private static readonly MassSpectrumOptions Automatic = new() { Shape = SpectrumShape.Automatic };
    private static readonly MassSpectrumOptions WithEnergy = Automatic with { CollisionEnergy = 13 };

    private static readonly Lazy<float[]> Masses = new(() => Draw(50_000, 1));

    [Test]
    public void A_search_fits_wide_sidebands_of_simulated_dijets_by_default()
    {
        const int Toys = 200;
        const int Count = 20_000;
        double truth = Count * DijetTruth.Share(3.3, 3.7, DijetSimulator.LowestMass, DijetSimulator.HighestMass);
        double[] pulls = new double[Toys];
        double[] probabilities = new double[Toys];
        EventBlocks.ForEachIndex(Toys, toy =>
        {
            var spectrum = MassSpectrum.Fit(
                Draw(MathNet.Numerics.Distributions.Poisson.Sample(new Seed(41).Child(toy).CreateRandom(), Count), 100 + toy), [], Window,
                new SidebandGeneratorOptions().Spectrum);
            Estimate expected = spectrum.Expected(3.3, 3.7);
            (pulls[toy], probabilities[toy]) = ((expected.Value - truth) / expected.Error, spectrum.GoodnessOfFit);
        });
        var moments = Moments.Of(pulls);
        Assert.That(moments.Mean, Is.EqualTo(0).Within(0.3));
        Assert.That(moments.Deviation, Is.EqualTo(1).Within(0.15));
        Assert.That(probabilities.Count(p => p < 0.01), Is.LessThanOrEqualTo(2 + (3 * Math.Sqrt(2))));
    }

    [Test]
    public void Candidates_are_ordered_by_AIC_and_weighted_by_its_differences()
    {
        var spectrum = MassSpectrum.Fit(Masses.Value, [], Window, WithEnergy);
        IReadOnlyList<SpectrumCandidate> candidates = spectrum.Candidates;
        Assert.That(
            candidates.Select(candidate => (candidate.Options.Shape, candidate.Options.ParameterCount)),
            Is.EquivalentTo(new[]
            {
                (SpectrumShape.Exponential, 4), (SpectrumShape.Exponential, 5), (SpectrumShape.Exponential, 6),
                (SpectrumShape.Dijet, 3), (SpectrumShape.Dijet, 4), (SpectrumShape.Dijet, 5),
            }));
        Assert.That(candidates[0].Options, Is.EqualTo(spectrum.Options));
        Assert.That(candidates[0].AicDifference, Is.Zero);
        Assert.That(candidates.Select(candidate => candidate.AicDifference), Is.Ordered);
        Assert.That(candidates.Sum(candidate => candidate.Weight), Is.EqualTo(1).Within(1e-12));
        foreach (SpectrumCandidate candidate in candidates)
        {
            Assert.That(candidate.Weight / candidates[0].Weight, Is.EqualTo(Math.Exp(-candidate.AicDifference / 2)).Within(1e-12));
        }
    }

    [Test]
    public void Each_candidate_is_the_function_fitted_alone_and_the_spread_of_all_is_part_of_the_error()
    {
        var spectrum = MassSpectrum.Fit(Masses.Value, [], Window, Automatic);
        Estimate alone = MassSpectrum.Fit(Masses.Value, [], Window, spectrum.Options).Expected(3.3, 3.7);
        double spread = 0;
        foreach (SpectrumCandidate candidate in spectrum.Candidates)
        {
            double expected = candidate.Expected(3.3, 3.7);
            Assert.That(
                expected, Is.EqualTo(MassSpectrum.Fit(Masses.Value, [], Window, candidate.Options).Expected(3.3, 3.7).Value).Within(1e-9));
            spread += candidate.Weight * (expected - alone.Value) * (expected - alone.Value);
        }

        Estimate found = spectrum.Expected(3.3, 3.7);
        Assert.That(found.Value, Is.EqualTo(alone.Value));
        Assert.That(spectrum.FitError(3.3, 3.7), Is.EqualTo(alone.Error));
        Assert.That(spectrum.ChoiceError(3.3, 3.7), Is.EqualTo(Math.Sqrt(spread)).Within(1e-9));
        Assert.That(found.Error, Is.EqualTo(Math.Sqrt((alone.Error * alone.Error) + spread)).Within(1e-9));
    }

    [Test]
    public void A_common_weight_changes_neither_the_choice_nor_the_weights()
    {
        // ln L of weighted events is divided by Σw²/Σw, their common weight.
        var plain = MassSpectrum.Fit(Masses.Value, [], Window, Automatic);
        var weighted = MassSpectrum.Fit(Masses.Value, [.. Masses.Value.Select(_ => 7.0)], Window, Automatic);
        Assert.That(weighted.Options, Is.EqualTo(plain.Options));
        Assert.That(
            weighted.Candidates.Select(candidate => candidate.AicDifference),
            Is.EqualTo(plain.Candidates.Select(candidate => candidate.AicDifference)).Within(1e-3));
        Assert.That(weighted.ChoiceError(3.3, 3.7), Is.EqualTo(7 * plain.ChoiceError(3.3, 3.7)).Within(0.1).Percent);
    }

    [Test]
    public void A_named_function_that_does_not_fit_names_one_that_does()
    {
        var poor = MassSpectrum.Fit(
            Masses.Value, [], Window, new MassSpectrumOptions { Shape = SpectrumShape.Exponential, ParameterCount = 2 });
        Assert.That(poor.GoodnessOfFit, Is.LessThan(1e-6));
        Assert.That(poor.Remedy, Does.StartWith("the exponential spectrum with 4 parameters describes them (χ² probability 0."));
        Assert.That(poor.ChoiceError(3.3, 3.7), Is.Zero);
        Assert.That(poor.Candidates, Is.Empty);
    }

    [Test]
    public void A_polynomial_that_cannot_be_fitted_names_a_function_that_can()
    {
        // A polynomial that is close to 0 at the last events takes more steps than it is given, or falls below 0 in the gap.
        DataException? failure = Enumerable.Range(0, 40).Select(stream => FailureOf(Draw(2_000, stream))).FirstOrDefault(
            found => found is not null);
        Assert.That(failure, Is.Not.Null);
        Assert.That(failure!.Message, Does.StartWith("The polynomial spectrum with 8 parameters"));
        Assert.That(failure.Message, Does.Contain("describes them (χ² probability 0."));
    }

    [Test]
    public void Few_events_have_fewer_candidates_and_none_are_too_few()
    {
        float[] some = [.. Draw(60, 3).Take(45)];
        var spectrum = MassSpectrum.Fit(some, [], Window, Automatic);
        Assert.That(spectrum.Candidates.Single().Options.ParameterCount, Is.EqualTo(4));
        Assert.That(MassSpectrum.Fit(some.AsSpan(0, 38), [], Window, Automatic).Options.ParameterCount, Is.EqualTo(3));
        Assert.That(
            () => MassSpectrum.Fit(some.AsSpan(0, 30), [], Window, Automatic),
            Throws.TypeOf<DataException>().With.Message.Contains("30 events, too few for 3 parameters"));
    }

    [Test]
    public void A_spectrum_without_a_degree_of_freedom_is_not_tested()
    {
        var spectrum = MassSpectrum.Fit([.. Draw(90, 5).Take(65)], [], Window, new MassSpectrumOptions
        {
            Shape = SpectrumShape.Exponential,
            ParameterCount = 6,
        });
        Assert.That(spectrum.GoodnessOfFit, Is.NaN);
    }

    [Test]
    public void A_generator_keeps_the_candidates_in_its_text()
    {
        EventTable events = DijetSimulator.Background(6_000, new Seed(8));
        var learnt = SidebandGenerator.Fit(
            SidebandData.Of(events, DijetSimulator.Mass, ["mj1"], Window),
            new SidebandGeneratorOptions { FoldCount = 2, MemberCount = 1, Trees = new TreeOptions { TreeCount = 2, LeafCount = 2 } },
            new Seed(9));
        var read = SidebandGenerator.Parse(learnt.Generator.Serialize());
        Assert.That(read.ExpectedBackground, Is.EqualTo(learnt.Generator.ExpectedBackground));
        Assert.That(read.Spectrum.ChoiceError(3.3, 3.7), Is.EqualTo(learnt.Generator.Spectrum.ChoiceError(3.3, 3.7)));
        Assert.That(read.Spectrum.Candidates.Select(Content), Is.EqualTo(learnt.Generator.Spectrum.Candidates.Select(Content)));

        static (MassSpectrumOptions, double, double, double) Content(SpectrumCandidate candidate) =>
            (candidate.Options, candidate.Weight, candidate.AicDifference, candidate.GoodnessOfFit);
    }

    private static DataException? FailureOf(float[] masses)
    {
        try
        {
            MassSpectrum.Fit(masses, [], Window, new MassSpectrumOptions { ParameterCount = 8 });
            return null;
        }
        catch (DataException failure)
        {
            return failure;
        }
    }

    private static float[] Draw(int count, int stream)
    {
        float[] masses = DijetTruth.Draw(count, DijetSimulator.LowestMass, DijetSimulator.HighestMass, new Seed(40).Child(stream));
        return [.. masses.Where(mass => Window.RegionOf(mass) == MassRegion.Sideband)];
    }
}
