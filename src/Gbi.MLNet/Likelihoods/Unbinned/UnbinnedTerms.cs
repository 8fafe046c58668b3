using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>An unbinned channel's part of the likelihood, ν − Σ w ln Σ_p ν_p r_p h_p, for the events that it holds.</summary>
internal sealed class UnbinnedTerms(CompiledChannel channel)
{
    private UnbinnedPoint? _point;

    public EventTable Events => Point.Events.Events;

    public long BytesRead =>
        Point.Events.Bytes + (channel.NormalisesShapes && channel.Reference.HasVariations ? channel.Reference.Events.Bytes : 0);

    /// <summary>Whether an event has another weight than 1.</summary>
    public bool HasOtherWeights => Point.Events.HasOtherWeights;

    private UnbinnedPoint Point => _point!;

    /// <summary>Takes other events; the same ones are not arranged again.</summary>
    public void SetEvents(EventTable events)
    {
        if (_point is null || !ReferenceEquals(_point.Events.Events, events))
        {
            _point = new UnbinnedPoint(channel, new EventSet(channel, events));
        }
    }

    /// <summary>The value, +∞ where an event's density is not positive; derivatives are added to what the buffers hold.</summary>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        PassOrder order = !hessian.IsEmpty ? PassOrder.Hessian : !gradient.IsEmpty ? PassOrder.Gradient : PassOrder.Value;
        if (Point.Run(parameters, order) >= 0)
        {
            return double.PositiveInfinity;
        }

        if (!gradient.IsEmpty)
        {
            Point.AddGradient(gradient);
        }

        if (!hessian.IsEmpty)
        {
            Point.AddHessian(hessian);
        }

        return Point.Value();
    }

    /// <summary>Adds the covariance of the gradient of ν − Σ w ln f, Σ w² v vᵀ with v = ∇ ln f.</summary>
    public void AddScoreCovariance(ReadOnlySpan<double> parameters, Span<double> covariance) =>
        Point.AddScoreCovariance(parameters, covariance);

    public string? WhyUndefined(ReadOnlySpan<double> parameters)
    {
        int at = Point.Run(parameters, PassOrder.Value);
        if (at < 0)
        {
            return null;
        }

        string parts = string.Join(", ", channel.Processes.Zip(Point.Yields, (process, yield) =>
            Text($"{process.Process.Name} {yield.Value:G4}")));
        return $"Event {at} of channel '{channel.Channel.Name}' has an expected density that is not positive; the processes' yields are "
            + $"{parts}.";
    }
}
