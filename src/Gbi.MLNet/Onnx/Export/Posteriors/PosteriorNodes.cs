using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Autoregressive.Means;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>A posterior of trees as nodes: θ from normal numbers and observations, and ln q(θ|x).</summary>
internal sealed class PosteriorNodes
{
    private readonly TreePosterior _posterior;
    private readonly FeatureMatrix _features;

    /// <param name="posterior">The posterior.</param>
    /// <param name="features">x, [events × features], double precision; NaN for missing.</param>
    public PosteriorNodes(TreePosterior posterior, GraphValue features)
    {
        _posterior = posterior;
        _features = SummaryNodes.Add(FeatureMatrix.Of(features, posterior.Features), posterior.Summaries);
    }

    /// <summary>ln of the mean density of the members, [events × 1], double precision.</summary>
    /// <param name="theta">θ, [events × parameters], single precision.</param>
    public GraphValue LogDensity(GraphValue theta)
    {
        GraphValue[] ofMembers = [.. _posterior.Members.Select(member => LogDensity(member, theta))];
        if (ofMembers.Length == 1)
        {
            return ofMembers[0];
        }

        // Where all densities are 0, exp of −∞ less a finite number, and not of −∞ less −∞, keeps the sum 0.
        GraphValue largest = ofMembers.Aggregate((a, b) => a.Largest(b)).Largest(double.MinValue);
        GraphValue sum = ofMembers.Select(one => (one - largest).Exp()).Aggregate((a, b) => a + b);
        return largest + (sum / ofMembers.Length).Log();
    }

    /// <summary>Draws of θ, [events × parameters], single precision.</summary>
    /// <param name="noise">Standard normal numbers, one a parameter, and one for the member where there are several; double
    /// precision.</param>
    public GraphValue Draw(GraphValue noise)
    {
        int width = _posterior.Parameters.Count;
        int members = _posterior.Members.Count;
        GraphValue shares = SpecialFunctionNodes.NormalProbability(noise);
        FeatureMatrix features = _features.With(
            [.. Enumerable.Range(0, width).Select(k => (ShareName(k), shares.Columns(k)))]);
        if (members == 1)
        {
            return Draw(_posterior.Members[0], features);
        }

        // Each member makes the draws that chose it; then they are put back into their order.
        GraphValue chosen = (shares.Columns(width) * (double)members).Floor().Smallest(members - 1);
        var drawn = new GraphValue[members];
        var rows = new GraphValue[members];
        for (int member = 0; member < members; member++)
        {
            GraphValue isChosen = chosen.IsSame(chosen.Number(member));
            drawn[member] = Draw(_posterior.Members[member], features.Where(isChosen));
            rows[member] = isChosen.Of("NonZero").Of("Transpose").Columns(0);
        }

        GraphValue all = GraphValue.Stack(drawn);
        return all.Of("ScatterND", GraphValue.Stack(rows), all);
    }

    private static string ShareName(int parameter) => $"#share{parameter}";

    private GraphValue LogDensity(PosteriorMember member, GraphValue theta)
    {
        FeatureMatrix features = _features;
        GraphValue sum = features.Zeros;
        var known = new Dictionary<int, GraphValue>();
        for (int position = 0; position < member.Order.Length; position++)
        {
            int parameter = member.Order[position];
            GraphValue value = theta.Columns(parameter);
            (GraphValue logDensity, GraphValue residual) = NodesOf(member, position, features, known).LogDensity(value);
            sum += logDensity;
            known.Add(parameter, value);
            features = features.With(Known(features, parameter, value, residual));
        }

        return sum;
    }

    private GraphValue Draw(PosteriorMember member, FeatureMatrix features)
    {
        var known = new Dictionary<int, GraphValue>();
        for (int position = 0; position < member.Order.Length; position++)
        {
            int parameter = member.Order[position];
            GraphValue share = features.Column(ShareName(parameter));
            (GraphValue value, GraphValue residual) = NodesOf(member, position, features, known).Quantile(share);
            known.Add(parameter, value);
            features = features.With(Known(features, parameter, value, residual));
        }

        return GraphValue.Join([.. known.OrderBy(one => one.Key).Select(one => one.Value)]);
    }

    private ConditionalNodes NodesOf(PosteriorMember member, int position, FeatureMatrix features, Dictionary<int, GraphValue> known)
    {
        int parameter = member.Order[position];
        var range = new RangeNodes(features.Zeros);
        return new ConditionalNodes(
            features, ParameterScale.Of(_posterior.Prior, parameter), member.Conditionals[position],
            range.Of(_posterior.Prior, parameter, known));
    }

    /// <summary>What later parameters see of a known one: its distances from the means given x, and its residual.</summary>
    private (string Name, GraphValue Column)[] Known(FeatureMatrix features, int parameter, GraphValue value, GraphValue residual)
    {
        int first = PosteriorMember.FirstCoordinate(_posterior.Prior, parameter);
        GraphValue[] coordinates = new ParameterNodes(ParameterScale.Of(_posterior.Prior, parameter)).Coordinates(value);
        return
        [
            .. coordinates.Select((coordinate, k) => (
                $"#distance{first + k}", (coordinate - features.Column(Summaries.MeanName(first + k)).ToSingle()).ToDouble())),
            ($"#residual{parameter}", residual.ToDouble()),
        ];
    }
}
