using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Peaks;

namespace Gbi.Tests.Peaks;

[TestFixture]
internal sealed class PeakMeasurementTests
{
    private static readonly PeakMeasurementOptions Quick = new()
    {
        Schema = new EventSchema { Features = ["feature", "noise"], Mass = "mass" },
        Window = PeakSample.Window,
        Fit = new PeakFitOptions { Background = new MassSpectrumOptions { ParameterCount = 2 } },
        BackgroundEfficiencies = [0.5, 0.1],
        ReplicaCount = 0,
        NullToyCount = 0,
    };

    [Test]
    public void A_feature_raises_the_significance_and_leaves_the_yield()
    {
        PeakMeasurement found = PeakMeasurement.Run(PeakSample.Draw(600, 9000, seed: 1), Quick with { ReplicaCount = 3 });

        Assert.Multiple(() =>
        {
            Assert.That(found.Features!.Fit.Yield.Value, Is.EqualTo(600).Within(3 * found.Features!.Fit.Yield.Error));
            Assert.That(found.Gain, Is.InRange(1.2, 2.2));
            Assert.That(found.Features!.GeneratorError, Is.InRange(0.1, found.Features!.Fit.Yield.Error));
            Assert.That(found.Features!.SidebandArea.Value, Is.EqualTo(0.5).Within(5 * found.Features!.SidebandArea.Error));
        });
    }

    [Test]
    public void Without_a_peak_nothing_is_found()
    {
        PeakNullTest test = PeakMeasurement.Run(PeakSample.Draw(600, 5000, seed: 2), Quick with { NullToyCount = 8 }).Features!.NullTest!;

        Assert.That(test.MeanPull, Is.EqualTo(0).Within(3.5 / Math.Sqrt(8)));
        Assert.That(test.PullWidth, Is.LessThan(2));
    }

    [Test]
    public void A_feature_that_knows_the_mass_is_told_by_the_sidebands()
    {
        EventTable events = PeakSample.Draw(600, 5000, seed: 3);
        PeakMeasurementOptions Over(double noise, out EventTable table)
        {
            float[] noisy =
                [.. events["mass"].ToArray().Zip(events["feature"].ToArray(), (mass, random) => (float)(mass + (noise * random)))];
            table = events.WithColumn("noisy mass", noisy);
            return Quick with { Schema = new EventSchema { Features = ["noisy mass"], Mass = "mass" } };
        }

        PeakMeasurementOptions loose = Over(10, out EventTable vague);
        Assert.That(PeakMeasurement.Run(vague, loose).Features!.SidebandArea.Value, Is.GreaterThan(0.6));
        PeakMeasurementOptions tight = Over(0, out EventTable exact);
        Assert.That(
            PeakMeasurement.Run(exact, tight).Remarks, Has.Some.StartsWith("The features separate the lower from the upper sideband"));
    }

    [Test]
    public void Strong_features_neither_fail_nor_bias_the_yield()
    {
        PeakMeasurement found = PeakMeasurement.Run(
            PeakSample.DrawStrong(800, 6000, seed: 8),
            Quick with
            {
                Schema = new EventSchema { Features = ["isolation", "impact", "hits", "constant", "weak"], Mass = "mass" },
                BackgroundEfficiencies = [0.5, 0.2, 0.05],
            });
        PeakFit fit = found.Features!.Fit;

        Assert.Multiple(() =>
        {
            Assert.That(fit.Yield.Value, Is.EqualTo(800).Within(4 * fit.Yield.Error));
            Assert.That(fit.Yield.Error, Is.LessThan(found.MassOnly.Yield.Error));
            Assert.That(found.Gain, Is.GreaterThan(1.5));
            Assert.That(found.Features.TotalError, Is.GreaterThanOrEqualTo(fit.Yield.Error));
            Assert.That(found.Remarks, Has.Some.StartsWith("Feature 'constant' is 1 in all "));
        });
    }

    [Test]
    public void A_score_of_noise_makes_no_categories()
    {
        EventTable events = PeakSample.Draw(300, 4000, seed: 11);
        PeakMeasurement found = PeakMeasurement.Run(
            events, Quick with { Schema = new EventSchema { Features = ["noise"], Mass = "mass" } });

        Assert.Multiple(() =>
        {
            Assert.That(found.Features!.Fit.Members, Is.EqualTo(new int[][] { [0, 1, 2] }));
            Assert.That(found.Features.Fit.Yield.Value, Is.EqualTo(found.MassOnly.Yield.Value).Within(1e-6).Percent);
            Assert.That(found.Remarks, Has.Some.StartsWith("The features do not separate data from background"));
        });
    }

    [Test]
    public void Without_features_the_mass_is_measured_alone()
    {
        PeakMeasurement found = PeakMeasurement.Run(
            PeakSample.Draw(600, 5000, seed: 9), Quick with { Schema = new EventSchema { Features = ["mass"], Mass = "mass" } });

        Assert.That(found.Features, Is.Null);
        Assert.That(found.MassOnlyError, Is.GreaterThanOrEqualTo(found.MassOnly.Yield.Error));
    }

    [Test]
    public void The_number_of_threads_does_not_change_the_result()
    {
        EventTable events = PeakSample.Draw(300, 2000, seed: 4);
        PeakMeasurementOptions settings = Quick with { ReplicaCount = 2, NullToyCount = 2 };
        double[] Numbers()
        {
            PeakFeatures found = PeakMeasurement.Run(events, settings).Features!;
            return
            [
                found.Fit.Yield.Value, found.Fit.Significance, found.GeneratorError, found.NullTest!.MeanPull, found.SidebandArea.Value
            ];
        }

        (double[] one, double[] two) = ThreadLimit.Compare(Numbers);
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void Weights_are_refused()
    {
        EventTable events = PeakSample.Draw(400, 3000, seed: 4);
        events = events.WithWeights(new double[events.Count]);

        Assert.That(() => PeakMeasurement.Run(events, Quick), Throws.TypeOf<DataException>().With.Message.Contains("carry weights"));
    }

    [TestCase(0.1, 0.5), TestCase(1.0, 0.5)]
    public void Efficiencies_must_fall(double first, double second) =>
        Assert.That(() => Quick with { BackgroundEfficiencies = [first, second] }, Throws.ArgumentException);
}
