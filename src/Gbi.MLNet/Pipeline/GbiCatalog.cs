using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Estimators;
using Gbi.Pipeline.Estimators.Posteriors;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Posteriors.Autoregressive;
using Gbi.Ratios;
using Gbi.Ratios.Parametric;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Gbi.Pipeline;

/// <summary>Generator based inference for ML.NET pipelines: what <c>mlContext.Gbi</c> offers. It creates; it does not compute.</summary>
public sealed class GbiCatalog
{
    private readonly MLContext _mlContext;

    internal GbiCatalog(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>Turns any binary classifier with a probability into a log likelihood ratio, free of the class balance.</summary>
    /// <param name="classifier">A binary trainer of ML.NET, or a chain that ends in one.</param>
    /// <param name="options">Columns and limits; null for the defaults.</param>
    public LikelihoodRatioEstimator LikelihoodRatio(
        IEstimator<ITransformer> classifier, LikelihoodRatioOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return new LikelihoodRatioEstimator(_mlContext, classifier, options ?? new LikelihoodRatioOptions());
    }

    /// <summary>The same with ML.NET's own boosted trees, <c>BinaryClassification.Trainers.FastTree</c>, as the classifier.</summary>
    /// <param name="options">Columns and limits; null for the defaults.</param>
    public LikelihoodRatioEstimator LikelihoodRatio(LikelihoodRatioOptions? options = null)
    {
        options ??= new LikelihoodRatioOptions();
        return LikelihoodRatio(
            _mlContext.BinaryClassification.Trainers.FastTree(options.LabelColumn, options.FeatureColumn, options.WeightColumn), options);
    }

    /// <summary>Learns a log likelihood ratio with this package's own boosted trees; weights may be negative.</summary>
    /// <param name="options">Columns and training; null for the defaults.</param>
    public RatioTreesEstimator RatioTrees(RatioTreesOptions? options = null) =>
        new(_mlContext, options ?? new RatioTreesOptions());

    /// <summary>The same for samples in two views, trained at once: no label column is needed.</summary>
    /// <param name="numerator">Events of p₁.</param>
    /// <param name="denominator">Events of p₀.</param>
    /// <param name="options">Columns and training; null for the defaults.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops while rows are read and between trees.</param>
    /// <exception cref="Events.DataException">As <see cref="RatioTreesEstimator.Fit(IDataView)"/>.</exception>
    public RatioTreesTransformer RatioTrees(
        IDataView numerator, IDataView denominator, RatioTreesOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        RatioTrees(options).Fit(numerator, denominator, progress, cancellation);

    /// <summary>A transformer over a ratio that was trained before.</summary>
    /// <param name="ratio">The ratio; a row's features are its <see cref="RatioModel.Features"/>, in order.</param>
    /// <param name="options">Of these, the names of the feature and output columns count; null for the defaults.</param>
    public RatioTreesTransformer RatioTrees(RatioModel ratio, RatioTreesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        options ??= new RatioTreesOptions();
        var features = new InputColumn(options.FeatureColumn, ratio.Features.Count);
        return new RatioTreesTransformer(_mlContext, new ColumnBinding([features], options.Outputs), ratio, options.OutputKinds);
    }

    /// <summary>
    /// Turns a score or a probability of any classifier into a calibrated log likelihood ratio, free of the class balance; fit it on
    /// rows that the classifier did not see.
    /// </summary>
    /// <param name="options">Columns and method; null for the defaults.</param>
    public CalibrateEstimator Calibrate(CalibrateOptions? options = null) => new(_mlContext, options ?? new CalibrateOptions());

    /// <summary>
    /// Learns how the density depends on nuisance parameters, ln dσ(x|ν)/dσ(x|0) = Σ_A ν_A Δ_A(x), from samples at several values of them.
    /// </summary>
    /// <param name="options">Columns and training.</param>
    public SystematicEstimator Systematic(SystematicOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SystematicEstimator(_mlContext, options);
    }

    /// <summary>A transformer over a systematic that was learnt before: it appends the coefficients Δ_A of each row.</summary>
    /// <param name="ratio">The systematic; a row's features are its <see cref="ParametricRatio.Features"/>, in order.</param>
    /// <param name="featureColumn">Vector of Single with the features.</param>
    /// <param name="outputPrefix">What stands before a monomial's name in the name of the appended column with its coefficient.</param>
    /// <exception cref="NotSupportedException">The systematic has more monomials than a saved transformer can have.</exception>
    public SystematicTransformer Systematic(
        ParametricRatio ratio, string featureColumn = "Features", string outputPrefix = ParametricRatio.ColumnPrefix)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        string[] outputs = SystematicTransformer.OutputNames(outputPrefix, ratio.Monomials);
        LoweredChain.RequireFewOutputs(outputs.Length);
        return new SystematicTransformer(
            _mlContext, new ColumnBinding([new InputColumn(featureColumn, ratio.Features.Count)], outputs), ratio);
    }

    /// <summary>Learns the score of a simulator, the locally optimal observables, from the joint scores of its events.</summary>
    /// <param name="options">Columns and training.</param>
    public ScoreTreesEstimator ScoreTrees(ScoreTreesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ScoreTreesEstimator(_mlContext, options);
    }

    /// <summary>
    /// Learns the posterior p(θ|x) of parameters from simulated rows, and appends its mean, standard deviation and quantiles, and draws.
    /// </summary>
    /// <param name="options">Prior, columns and training.</param>
    /// <exception cref="NotSupportedException">More numbers would be appended than a saved transformer can have.</exception>
    public PosteriorEstimator Posterior(PosteriorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PosteriorEstimator(_mlContext, options);
    }

    /// <summary>A transformer over a posterior that was learnt before, such as a file of <c>gbi infer</c>.</summary>
    /// <param name="posterior">The posterior; a row's features are its <see cref="TreePosterior.Features"/>, in order.</param>
    /// <param name="options">Of these, columns, quantiles, draws and seed count; null for the defaults.</param>
    /// <exception cref="NotSupportedException">More numbers would be appended than a saved transformer can have.</exception>
    public PosteriorTransformer Posterior(TreePosterior posterior, PosteriorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        options ??= new PosteriorOptions { Prior = posterior.Prior };
        options.RequireOutputs();
        VectorModelFactory.RequireFewNumbers(options.Drawing.Width(posterior.Parameters.Count));
        return new PosteriorTransformer(
            _mlContext, PosteriorEstimator.BindingOf(options, posterior), posterior, options.Drawing);
    }

    /// <summary>Learns the background in a signal region from the sidebands and appends its weights.</summary>
    /// <param name="options">Window, columns and training.</param>
    public SidebandBackgroundEstimator SidebandBackground(SidebandBackgroundOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SidebandBackgroundEstimator(_mlContext, options);
    }

    /// <summary>A log likelihood ratio by a network that was trained outside, from an ONNX file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Columns, and whether Fit calibrates and normalises; null for the defaults.</param>
    /// <param name="options">Device, blocks and theta; null for the defaults.</param>
    /// <exception cref="Events.DataException">The file is missing or refused, or no ratio.</exception>
    public OnnxRatioEstimator OnnxRatio(string path, OnnxRatioColumns? columns = null, OnnxRatioOptions? options = null) =>
        OnnxRatio(Onnx.Models.OnnxRatio.Open(path, options), columns);

    /// <summary>The same from a file's bytes.</summary>
    /// <param name="model">The bytes.</param>
    /// <param name="columns">Columns, and whether Fit calibrates and normalises; null for the defaults.</param>
    /// <param name="options">Device, blocks and theta; null for the defaults.</param>
    /// <exception cref="Events.DataException">The file is refused, or no ratio.</exception>
    public OnnxRatioEstimator OnnxRatio(byte[] model, OnnxRatioColumns? columns = null, OnnxRatioOptions? options = null) =>
        OnnxRatio(Onnx.Models.OnnxRatio.Open(model, options), columns);

    /// <summary>The same by a ratio that is open, such as an ensemble of several files.</summary>
    /// <param name="ratio">The ratio, which has to stay open.</param>
    /// <param name="columns">Columns, and whether Fit calibrates and normalises; null for the defaults.</param>
    public OnnxRatioEstimator OnnxRatio(OnnxRatio ratio, OnnxRatioColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        return new OnnxRatioEstimator(_mlContext, ratio, columns ?? new OnnxRatioColumns());
    }

    /// <summary>The coefficients of a systematic by a network that was trained outside, from an ONNX file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="featureColumn">Vector of Single with the features in the network's order; null for columns of their names.</param>
    /// <param name="outputPrefix">What stands before a monomial's name in the name of the appended column with its coefficient.</param>
    /// <param name="options">Device and blocks; null for the defaults.</param>
    /// <exception cref="Events.DataException">The file is missing or refused, or no systematic.</exception>
    /// <exception cref="NotSupportedException">It has more monomials than a saved transformer can have.</exception>
    public OnnxSystematicEstimator OnnxSystematic(
        string path, string? featureColumn = "Features", string outputPrefix = ParametricRatio.ColumnPrefix, OnnxOptions? options = null) =>
        new(_mlContext, Onnx.Models.OnnxSystematic.Open(path, options), featureColumn, outputPrefix);

    /// <summary>The same from a file's bytes.</summary>
    /// <param name="model">The bytes.</param>
    /// <param name="featureColumn">Vector of Single with the features in the network's order; null for columns of their names.</param>
    /// <param name="outputPrefix">What stands before a monomial's name in the name of the appended column with its coefficient.</param>
    /// <param name="options">Device and blocks; null for the defaults.</param>
    /// <exception cref="Events.DataException">The file is refused, or no systematic.</exception>
    /// <exception cref="NotSupportedException">It has more monomials than a saved transformer can have.</exception>
    public OnnxSystematicEstimator OnnxSystematic(
        byte[] model, string? featureColumn = "Features", string outputPrefix = ParametricRatio.ColumnPrefix,
        OnnxOptions? options = null) =>
        new(_mlContext, Onnx.Models.OnnxSystematic.Open(model, options), featureColumn, outputPrefix);

    /// <summary>
    /// A Parquet file as a view: every column of numbers as Single, or in its own type where the options say so, columns of truth values as
    /// Boolean. Cursors read one row group at a time, only the columns in use, the next one ahead.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Columns and missing values; null for the defaults.</param>
    /// <exception cref="Events.DataException">The file is missing or damaged, or a column is unknown or not numeric.</exception>
    public IDataView LoadParquet(string path, ParquetViewOptions? options = null)
    {
        using IChannel channel = ((IChannelProvider)_mlContext).Start(nameof(LoadParquet));
        var view = ParquetView.Open(path, options ?? new ParquetViewOptions());
        channel.Info(MessageSensitivity.None, "{0} rows in {1} columns.", view.GetRowCount()!, view.Schema.Count);
        return view;
    }

    /// <summary>
    /// Writes a view to a Parquet file: numbers in their own types, so that event numbers and doubles keep their digits, text, Boolean as 0
    /// and 1, a vector of Single as one column for each slot, named column.slot. The file appears whole under its name, or not at all.
    /// </summary>
    /// <param name="view">The view.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="columns">Columns to write, in order; null for all.</param>
    /// <param name="options">Row group size, and whether a file may be replaced; null for the defaults.</param>
    /// <exception cref="Events.DataException">A column holds neither numbers nor text, or the file cannot be written.</exception>
    public void SaveParquet(
        IDataView view, string path, IReadOnlyList<string>? columns = null, Events.IO.ParquetWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        using IChannel channel = ((IChannelProvider)_mlContext).Start(nameof(SaveParquet));
        long rows = ParquetViewWriter.Write(view, path, columns, options ?? new Events.IO.ParquetWriteOptions());
        channel.Info(MessageSensitivity.None, "Wrote {0} rows.", rows);
    }

    /// <summary>
    /// Puts this package's own fast transformers back into a model that <c>mlContext.Model.Load</c> gave. A loaded model computes
    /// the same without this, more slowly, and without annotations on the appended columns.
    /// </summary>
    /// <param name="model">What <c>Model.Load</c> gave; anything else comes back as it is.</param>
    /// <exception cref="Events.DataException">A transformer of ours in the model comes from a later version of this package.</exception>
    public ITransformer Restore(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Restoration.Restore(_mlContext, model);
    }
}

/// <summary>Hangs the catalog on ML.NET's context.</summary>
public static class GbiContextExtensions
{
    extension(MLContext mlContext)
    {
        /// <summary>Generator based inference.</summary>
        public GbiCatalog Gbi => new(mlContext);
    }
}
