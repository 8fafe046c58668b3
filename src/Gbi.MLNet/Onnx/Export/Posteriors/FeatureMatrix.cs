using Gbi.Trees.Model;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>
/// What trees and polynomials of a posterior see, as one matrix [events × columns] of double precision whose columns have names. Each
/// column holds numbers of single precision, as the model has them.
/// </summary>
internal sealed class FeatureMatrix
{
    /// <summary>Name of a column of zeros, from which constants get their shape.</summary>
    public const string Zero = "";

    private readonly Dictionary<string, int> _columns;

    private FeatureMatrix(GraphValue values, Dictionary<string, int> columns)
    {
        Values = values;
        _columns = columns;
    }

    public GraphValue Values { get; }

    /// <summary>A column [events × 1] of zeros, double precision.</summary>
    public GraphValue Zeros => Column(Zero);

    /// <summary>The features of observations.</summary>
    public static FeatureMatrix Of(GraphValue features, IReadOnlyList<string> names)
    {
        GraphValue first = features.Columns(0);
        GraphValue zeros = first.IsNaN().ToDouble() * 0.0;
        var columns = new Dictionary<string, int> { [Zero] = 0 };
        foreach (string name in names)
        {
            columns.Add(name, columns.Count);
        }

        return new FeatureMatrix(GraphValue.Join(zeros, features), columns);
    }

    /// <summary>Number of a column.</summary>
    public int Of(string name) => _columns[name];

    /// <summary>A column [events × 1], double precision.</summary>
    public GraphValue Column(string name) => Values.Columns(_columns[name]);

    /// <summary>The matrix with more columns, [events × 1] of double precision.</summary>
    public FeatureMatrix With(params (string Name, GraphValue Column)[] added)
    {
        if (added.Length == 0)
        {
            return this;
        }

        var columns = new Dictionary<string, int>(_columns);
        foreach ((string name, _) in added)
        {
            columns.Add(name, columns.Count);
        }

        return new FeatureMatrix(GraphValue.Join([Values, .. added.Select(one => one.Column)]), columns);
    }

    /// <summary>The rows where a condition, [events × 1], holds.</summary>
    public FeatureMatrix Where(GraphValue condition)
    {
        GraphValue flat = new(condition.Graph, condition.Graph.Reshape(condition.Name, -1));
        string rows = Values.Graph.Add("Compress", [Values.Name, flat.Name], [OnnxAttribute.Integer("axis", 0)]);
        return new FeatureMatrix(new GraphValue(Values.Graph, rows), _columns);
    }

    /// <summary>Outputs of trees, [events × 1] of single precision.</summary>
    public GraphValue Predict(TreeEnsemble trees) => new(
        Values.Graph, TreeNodes.Add(Values.Graph, trees, Values.Name, [.. trees.Features.Select(Of)]));
}
