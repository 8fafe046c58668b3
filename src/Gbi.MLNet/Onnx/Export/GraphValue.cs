using Gbi.Onnx.Graphs;

namespace Gbi.Onnx.Export;

/// <summary>
/// A value of a graph under construction, for formulas: an operator or a method adds the node that computes it. Both operands must have
/// the same precision; numbers in a formula are of double precision.
/// </summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">Name of the value in it.</param>
internal readonly record struct GraphValue(OnnxGraph Graph, string Name)
{
    public static GraphValue operator +(GraphValue a, GraphValue b) => a.Of("Add", b);

    public static GraphValue operator +(GraphValue a, double b) => a + a.Number(b);

    public static GraphValue operator +(double a, GraphValue b) => b.Number(a) + b;

    public static GraphValue operator -(GraphValue a, GraphValue b) => a.Of("Sub", b);

    public static GraphValue operator -(GraphValue a, double b) => a - a.Number(b);

    public static GraphValue operator -(double a, GraphValue b) => b.Number(a) - b;

    public static GraphValue operator -(GraphValue a) => a.Of("Neg");

    public static GraphValue operator *(GraphValue a, GraphValue b) => a.Of("Mul", b);

    public static GraphValue operator *(GraphValue a, double b) => a * a.Number(b);

    public static GraphValue operator *(double a, GraphValue b) => b.Number(a) * b;

    public static GraphValue operator /(GraphValue a, GraphValue b) => a.Of("Div", b);

    public static GraphValue operator /(GraphValue a, double b) => a / a.Number(b);

    public static GraphValue operator /(double a, GraphValue b) => b.Number(a) / b;

    /// <summary>a where a condition holds, b elsewhere.</summary>
    public static GraphValue Where(GraphValue condition, GraphValue a, GraphValue b) => condition.Of("Where", a, b);

    /// <summary>Columns of several values side by side.</summary>
    public static GraphValue Join(params GraphValue[] values) => Concat(1, values);

    /// <summary>Rows of several values one below the other.</summary>
    public static GraphValue Stack(params GraphValue[] values) => Concat(0, values);

    public GraphValue Exp() => Of("Exp");

    public GraphValue Log() => Of("Log");

    public GraphValue Abs() => Of("Abs");

    public GraphValue Sqrt() => Of("Sqrt");

    public GraphValue Floor() => Of("Floor");

    /// <summary>The nearest whole number, of two the even one.</summary>
    public GraphValue Round() => Of("Round");

    public GraphValue IsNaN() => Of("IsNaN");

    public GraphValue Less(GraphValue other) => Of("Less", other);

    public GraphValue AtMost(GraphValue other) => Of("LessOrEqual", other);

    public GraphValue IsSame(GraphValue other) => Of("Equal", other);

    public GraphValue And(GraphValue other) => Of("And", other);

    public GraphValue Or(GraphValue other) => Of("Or", other);

    public GraphValue Not() => Of("Not");

    public GraphValue Largest(GraphValue other) => Of("Max", other);

    public GraphValue Largest(double other) => Largest(Number(other));

    public GraphValue Smallest(GraphValue other) => Of("Min", other);

    public GraphValue Smallest(double other) => Smallest(Number(other));

    public GraphValue To(OnnxType type) => new(Graph, Graph.Cast(Name, type));

    public GraphValue ToSingle() => To(OnnxType.Single);

    public GraphValue ToDouble() => To(OnnxType.Double);

    /// <summary>Some columns, in this order.</summary>
    public GraphValue Columns(params long[] columns) =>
        new(Graph, Graph.Add("Gather", [Name, Graph.Constant(columns)], [OnnxAttribute.Integer("axis", 1)]));

    /// <summary>The entries of a table, double precision, that these whole numbers number.</summary>
    public GraphValue In(double[] table) => new(Graph, Graph.Add("Gather", [Graph.Constant(table), Name]));

    /// <summary>The entries of a table, single precision, that these whole numbers number.</summary>
    public GraphValue In(float[] table) => new(Graph, Graph.Add("Gather", [Graph.Constant(table), Name]));

    /// <summary>A number of double precision of the same graph.</summary>
    public GraphValue Number(double value) => new(Graph, Graph.Constant(value));

    /// <summary>A number of single precision of the same graph.</summary>
    public GraphValue Single(float value) => new(Graph, Graph.Constant(value));

    /// <summary>A whole number of the same graph.</summary>
    public GraphValue Whole(long value) => new(Graph, Graph.Constant(value));

    /// <summary>A row of numbers of double precision, for one operation with each column.</summary>
    public GraphValue Row(double[] values) => new(Graph, Graph.Constant(values));

    /// <summary>A column of numbers of single precision, [n × 1], for a product of matrices.</summary>
    public GraphValue Column(float[] values) => new(Graph, Graph.Reshape(Graph.Constant(values), -1, 1));

    /// <summary>The result of an operation on this and other values.</summary>
    public GraphValue Of(string operation, params GraphValue[] others) =>
        new(Graph, Graph.Add(operation, [Name, .. others.Select(other => other.Name)]));

    private static GraphValue Concat(int axis, GraphValue[] values) => values.Length == 1
        ? values[0]
        : new(values[0].Graph, values[0].Graph.Add(
            "Concat", [.. values.Select(value => value.Name)], [OnnxAttribute.Integer("axis", axis)]));
}
