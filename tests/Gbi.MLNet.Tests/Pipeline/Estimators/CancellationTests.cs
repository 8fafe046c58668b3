using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>Where a fit of the likelihood ratio stops.</summary>
public sealed class CancellationTests
{
    private const int Rows = 20_000;

    private readonly MLContext _mlContext = new(seed: 1);

    [Test]
    public void Progress_is_told_after_each_step()
    {
        var progress = new InOrder();
        LikelihoodRatioTransformer told = _mlContext.Gbi.LikelihoodRatio(Logistic()).Fit(View(_ => { }), progress);
        LikelihoodRatioTransformer silent = _mlContext.Gbi.LikelihoodRatio(Logistic()).Fit(View(_ => { }));

        Assert.That(progress.Values, Has.Count.EqualTo(3).And.Ordered);
        Assert.That(progress.Values, Has.All.GreaterThan(0));
        Assert.That(progress.Values[^1], Is.EqualTo(1));
        Assert.That(told.MeanRatio, Is.EqualTo(silent.MeanRatio));
    }

    [TestCase(100)]
    [TestCase(Rows + 100)]
    public void Whoever_reads_the_rows_stops(int cancelAt)
    {
        using var source = new CancellationTokenSource();
        int read = 0;
        IDataView view = View(_ =>
        {
            if (++read == cancelAt)
            {
                source.Cancel();
            }
        });

        // The first pass counts the classes, the second one is the trainer's.
        Assert.That(
            () => _mlContext.Gbi.LikelihoodRatio(Logistic()).Fit(view, progress: null, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(read, Is.InRange(cancelAt, cancelAt + (Rows / 2)));
    }

    [Test]
    public void A_classifier_that_does_not_stop_is_the_last_step()
    {
        using var source = new CancellationTokenSource();
        var progress = new InOrder();
        IEstimator<ITransformer> classifier = new Cancelling(Logistic(), source);

        Assert.That(
            () => _mlContext.Gbi.LikelihoodRatio(classifier).Fit(View(_ => { }), progress, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(progress.Values, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_failure_of_the_classifier_that_cancellation_caused_is_a_cancellation()
    {
        using var source = new CancellationTokenSource();
        IEstimator<ITransformer> classifier = new Cancelling(Logistic(), source, new InvalidOperationException("A worker failed."));

        Assert.That(
            () => _mlContext.Gbi.LikelihoodRatio(classifier).Fit(View(_ => { }), progress: null, source.Token),
            Throws.InstanceOf<OperationCanceledException>().With.InnerException.Message.EqualTo("A worker failed."));
    }

    private LbfgsLogisticRegressionBinaryTrainer Logistic() => _mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression();

    private IDataView View(Action<int> whenRead) => _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i =>
    {
        whenRead(i);
        return new Row { Label = i % 2 == 0, Features = [i % 2 == 0 ? i % 7 : i % 5] };
    }));

    private sealed class Row
    {
        public bool Label { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [0];
    }

    private sealed class Cancelling(IEstimator<ITransformer> inner, CancellationTokenSource source, Exception? failure = null)
        : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            ITransformer fitted = inner.Fit(input);
            source.Cancel();
            return failure is null ? fitted : throw failure;
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }

    private sealed class InOrder : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
