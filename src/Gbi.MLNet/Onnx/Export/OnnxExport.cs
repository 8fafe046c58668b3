using Gbi.Events;
using Gbi.Onnx.Export.Posteriors;
using Gbi.Onnx.Graphs;
using Gbi.Onnx.Models;
using Gbi.Posteriors.Autoregressive;
using Gbi.Ratios;
using Gbi.Ratios.Parametric;
using Gbi.Trees.Model;

namespace Gbi.Onnx.Export;

/// <summary>
/// Writes tree models as ONNX files for ONNX Runtime, from 1.12 on, and every other reader of opset 17 with ai.onnx.ml 3.
/// Input: <c>features</c> float [events × features], NaN for missing; their names, in order, stand in the metadata.
/// </summary>
public static class OnnxExport
{
    /// <summary>Name of the input.</summary>
    public const string FeaturesInput = "features";

    /// <summary>Name of the output of a ratio: ln r, [events].</summary>
    public const string LogRatioOutput = "log_ratio";

    /// <summary>Name of the output of trees: [events × outputs].</summary>
    public const string CoefficientsOutput = "coefficients";

    /// <summary>Key of the metadata with the features' names, commas between them.</summary>
    public const string FeaturesKey = "gbi.features";

    /// <summary>Key of the metadata with the numerator's name.</summary>
    public const string NumeratorKey = "gbi.numerator";

    /// <summary>Key of the metadata with the denominator's name.</summary>
    public const string DenominatorKey = "gbi.denominator";

    /// <summary>Key of the metadata with the coefficients' names, commas between them.</summary>
    public const string CoefficientsKey = "gbi.coefficients";

    /// <summary>
    /// Writes ln r = ln κ + ln mean over folds of exp c( ln mean over members of exp F(x) ), clipped as the model clips it. Trees
    /// and calibration are evaluated in double precision.
    /// </summary>
    /// <param name="ratio">The ratio, calibrated or not.</param>
    /// <param name="output">Gets the file's bytes.</param>
    /// <exception cref="DataException">The name of a feature holds a comma, or the ratio is lowered by its error.</exception>
    public static void Write(RatioModel ratio, Stream output)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(output);
        if (ratio.ConfidenceShift > 0)
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The ratio is lowered by {ratio.ConfidenceShift} standard errors, which the ONNX file would not do; train it with a "
                    + $"confidence shift of 0 to export it."));
        }

        string features = Join(ratio.Features, "Feature");
        var graph = new OnnxGraph();
        graph.Output(LogRatioOutput, AddRatio(graph, ratio, AddFeatures(graph, ratio.Features)));
        Write(
            graph, output,
            [
                (OnnxContract.KindKey, OnnxContract.RatioKind), (FeaturesKey, features), (NumeratorKey, ratio.Numerator),
                (DenominatorKey, ratio.Denominator)
            ]);
    }

    /// <summary>Writes a ratio by a network with its calibration and normalisation: ln r = ln κ + c(f(x)), not clipped.</summary>
    /// <param name="ratio">The ratio, of one member.</param>
    /// <param name="output">Gets the file's bytes.</param>
    /// <exception cref="DataException">The ratio has several members, or gives a score that is not calibrated.</exception>
    public static void Write(OnnxRatio ratio, Stream output)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(output);
        ratio.RequireRatio();
        output.Write(CalibratedNetwork.Write(ratio));
    }

    /// <summary>Writes the outputs of trees as they are, such as the coefficients of a parametric log ratio.</summary>
    /// <param name="trees">The trees.</param>
    /// <param name="coefficients">Names of the outputs, in order.</param>
    /// <param name="output">Gets the file's bytes.</param>
    /// <exception cref="ArgumentException">There is not one name an output; the message holds both numbers.</exception>
    /// <exception cref="DataException">The name of a feature or of an output holds a comma.</exception>
    public static void Write(TreeEnsemble trees, IReadOnlyList<string> coefficients, Stream output)
    {
        ArgumentNullException.ThrowIfNull(trees);
        ArgumentNullException.ThrowIfNull(coefficients);
        ArgumentNullException.ThrowIfNull(output);
        if (coefficients.Count != trees.OutputCount)
        {
            throw new ArgumentException(
                $"There are {coefficients.Count} names for trees with {trees.OutputCount} outputs; give one per output.",
                nameof(coefficients));
        }

        string features = Join(trees.Features, "Feature");
        string names = Join(coefficients, "Coefficient");
        var graph = new OnnxGraph();
        graph.Output(CoefficientsOutput, TreeNodes.Add(graph, trees, AddFeatures(graph, trees.Features)), trees.OutputCount);
        Write(graph, output, [(FeaturesKey, features), (CoefficientsKey, names)]);
    }

    /// <summary>Writes a systematic, which <see cref="OnnxSystematic"/> reads.</summary>
    /// <param name="ratio">The systematic.</param>
    /// <param name="output">Gets the file's bytes.</param>
    /// <exception cref="DataException">The name of a feature or of a parameter holds a comma.</exception>
    public static void Write(ParametricRatio ratio, Stream output)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(output);
        string features = Join(ratio.Features, "Feature");
        string parameters = Join(ratio.Parameters, "Parameter");
        var graph = new OnnxGraph();
        graph.Output(CoefficientsOutput, TreeNodes.Add(graph, ratio.Trees, AddFeatures(graph, ratio.Features)), ratio.Monomials.Count);
        Write(graph, output,
        [
            (OnnxContract.KindKey, OnnxContract.SystematicKind),
            (FeaturesKey, features),
            (OnnxContract.ParametersKey, parameters),
            (OnnxContract.MonomialsKey, string.Join(',', ratio.Monomials)),
        ]);
    }

    /// <summary>
    /// Writes the draws of a posterior, of kind posterior. Inputs: <c>noise</c> [draws × (parameters + 1)], standard normal, one number a
    /// parameter and one that chooses the member (none where there is one member), and <c>features</c>; outputs: <c>theta</c>
    /// [draws × parameters] and <c>log_density</c>, ln q(θ|x), [draws]. The same noise gives the same θ as the model.
    /// </summary>
    /// <param name="posterior">The posterior.</param>
    /// <param name="output">Gets the file's bytes.</param>
    /// <exception cref="DataException">The name of a feature or of a parameter holds a comma, or the prior has no document: it is a class
    /// of your own, or has a condition in C#.</exception>
    public static void Write(TreePosterior posterior, Stream output)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(output);
        (string, string)[] metadata = MetadataOf(posterior, OnnxContract.PosteriorKind);
        var graph = new OnnxGraph();
        GraphValue noise = new(graph, graph.Cast(graph.Input(OnnxContract.NoiseInput, posterior.NoiseCount), OnnxType.Double));
        var nodes = new PosteriorNodes(posterior, new GraphValue(graph, AddFeatures(graph, posterior.Features)));
        GraphValue theta = nodes.Draw(noise);
        graph.Output(OnnxContract.ThetaInput, theta.Name, posterior.Parameters.Count);
        graph.Output(OnnxContract.LogDensityOutput, graph.Reshape(nodes.LogDensity(theta).ToSingle().Name, -1));
        Write(graph, output, metadata);
    }

    /// <summary>
    /// Writes the density of a posterior, of kind posterior_density. Inputs: <c>theta</c> [events × parameters] and <c>features</c>;
    /// output: <c>log_density</c>, ln q(θ|x), [events], −∞ where the prior has no density.
    /// </summary>
    /// <param name="posterior">The posterior.</param>
    /// <param name="output">Gets the file's bytes.</param>
    /// <exception cref="DataException">As of <see cref="Write(TreePosterior, Stream)"/>.</exception>
    public static void WriteDensity(TreePosterior posterior, Stream output)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(output);
        (string, string)[] metadata = MetadataOf(posterior, OnnxContract.PosteriorDensityKind);
        var graph = new OnnxGraph();
        GraphValue theta = new(graph, graph.Input(OnnxContract.ThetaInput, posterior.Parameters.Count));
        var nodes = new PosteriorNodes(posterior, new GraphValue(graph, AddFeatures(graph, posterior.Features)));
        graph.Output(OnnxContract.LogDensityOutput, graph.Reshape(nodes.LogDensity(theta).ToSingle().Name, -1));
        Write(graph, output, metadata);
    }

    private static (string Key, string Value)[] MetadataOf(TreePosterior posterior, string kind) =>
    [
        (OnnxContract.KindKey, kind),
        (FeaturesKey, Join(posterior.Features, "Feature")),
        (OnnxContract.ThetaKey, Join(posterior.Parameters, "Parameter")),
        (OnnxContract.PriorKey, posterior.Prior.ToJson(holdsRows: true)),
    ];

    /// <summary>Adds the input and returns it in double precision, which the trees take.</summary>
    private static string AddFeatures(OnnxGraph graph, IReadOnlyList<string> features) =>
        graph.Cast(graph.Input(FeaturesInput, features.Count), OnnxType.Double);

    private static string AddRatio(OnnxGraph graph, RatioModel ratio, string features)
    {
        string[] members = [.. ratio.Folds.SelectMany(fold => fold).Select(member => TreeNodes.Add(graph, member, features))];
        string joined = graph.Cast(graph.Add("Concat", members, [OnnxAttribute.Integer("axis", 1)]), OnnxType.Double);
        string ofFolds = AddLogMeanExp(graph, joined, ratio.MemberCount);
        // The model itself rounds a fold's score to single precision; a steep calibration would show it.
        string scores = graph.Cast(graph.Cast(ofFolds, OnnxType.Single), OnnxType.Double);
        string mean = AddLogMeanExp(graph, CalibrationNodes.Add(graph, ratio.Calibration, scores), ratio.FoldCount);
        string normalised = graph.Add("Add", [mean, graph.Constant(ratio.LogNormalisation)]);
        string clipped = graph.Add("Clip", [normalised, graph.Constant(-ratio.MaxAbsLogRatio), graph.Constant(ratio.MaxAbsLogRatio)]);
        return graph.Reshape(graph.Cast(clipped, OnnxType.Single), -1);
    }

    /// <summary>Adds ln mean exp over each group of neighbouring values; the runtime takes the largest out first. Returns a column [n ×
    /// 1].</summary>
    private static string AddLogMeanExp(OnnxGraph graph, string values, int groupSize)
    {
        string groups = graph.Reshape(values, -1, groupSize);
        string sum = graph.Add("ReduceLogSumExp", [groups], [OnnxAttribute.Integers("axes", [1]), OnnxAttribute.Integer("keepdims", 1)]);
        return graph.Add("Sub", [sum, graph.Constant(Math.Log(groupSize))]);
    }

    private static string Join(IReadOnlyList<string> names, string what) =>
        names.FirstOrDefault(name => name.Contains(',', StringComparison.Ordinal)) is { } wrong
            ? throw new DataException(
                $"{what} '{wrong}' has a comma in its name, which separates names in an ONNX file; rename it and train the model again.")
            : string.Join(',', names);

    private static void Write(OnnxGraph graph, Stream output, (string Key, string Value)[] metadata) =>
        graph.ToModel(typeof(OnnxExport).Assembly.GetName().Version?.ToString(3) ?? "", metadata).WriteTo(output);
}
