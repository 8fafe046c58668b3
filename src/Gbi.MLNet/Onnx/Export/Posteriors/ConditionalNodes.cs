using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Autoregressive.Means;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>q(θⱼ|f) as nodes: the formulas of <see cref="Conditional"/>.</summary>
internal sealed class ConditionalNodes
{
    private readonly ParameterNodes _nodes;
    private readonly ResidualNodes _residuals;
    private readonly BitNodes _bits;
    private readonly GraphValue _low;
    private readonly GraphValue _high;

    /// <param name="features">The features f.</param>
    /// <param name="parameter">Kind and range of the parameter.</param>
    /// <param name="conditional">The density.</param>
    /// <param name="bounds">The bounds that the prior sets, given the parameters before it; single precision.</param>
    public ConditionalNodes(
        FeatureMatrix features, ParameterScale parameter, Conditional conditional, (GraphValue Low, GraphValue High, bool AreFree) bounds)
    {
        _nodes = new ParameterNodes(parameter);
        (_low, _high, bool areFree) = bounds;
        GraphValue zeros = features.Zeros;
        GraphValue location = conditional.Location.Means.Length == 0
            ? zeros.ToSingle()
            : _nodes.FromCoordinates([.. conditional.Location.Means.Select(mean => MeanNodes.Add(features, mean))]);
        GraphValue scale = conditional.Scale is { } mean
            ? (conditional.Factor * MeanNodes.Add(features, mean).ToDouble().Exp()).ToSingle()
            : zeros.Single((float)conditional.Factor);
        GraphValue half = zeros.ToSingle() + zeros.Single((float)((parameter.High - parameter.Low) / 2));
        GraphValue low = parameter.IsPeriodic ? -half : _low - location;
        GraphValue high = parameter.IsPeriodic ? half : _high - location;
        _residuals = new ResidualNodes(location, scale, low / scale, high / scale, areFree);
        _bits = new BitNodes(features, conditional.Bits, _residuals);
    }

    /// <summary>ln q of a value, double precision, and its residual, single precision.</summary>
    public (GraphValue LogDensity, GraphValue Residual) LogDensity(GraphValue value)
    {
        GraphValue residual = _nodes.Difference(value, _residuals.Location) / _residuals.Scale;
        GraphValue sum = _bits.LogDensity(residual) - _residuals.Scale.ToDouble().Log();
        GraphValue isInside = _low.AtMost(value).And(value.AtMost(_high));
        return (GraphValue.Where(isInside, sum, sum.Number(double.NegativeInfinity)), residual);
    }

    /// <summary>The value below which a share of the probability lies, and its residual; single precision.</summary>
    public (GraphValue Value, GraphValue Residual) Quantile(GraphValue share)
    {
        GraphValue residual = _bits.Quantile(share);
        GraphValue value = _nodes.Wrapped(
            _residuals.Location.ToDouble() + (_residuals.Scale.ToDouble() * residual.ToDouble()));
        return (_residuals.AreFree ? value : value.Largest(_low).Smallest(_high), residual);
    }
}
