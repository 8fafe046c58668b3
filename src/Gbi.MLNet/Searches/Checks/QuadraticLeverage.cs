using Gbi.Events;
using Gbi.Numerics.Minima;

namespace Gbi.Searches.Checks;

/// <summary>
/// How badly a quadratic polynomial in the mass, which is what generators learn for ln p(x|m), is known at masses where it was not learnt:
/// h(m) = vᵀ (Σ w v vᵀ)⁻¹ v with v = (1, t, t²), the variance of its value for unit errors. The bias of a polynomial whose coefficients are
/// kept small by a penalty λ, λ vᵀ (Σ w v vᵀ)⁻¹ β to first order, grows like it.
/// </summary>
internal sealed class QuadraticLeverage
{
    private const int Size = 3;

    private readonly double[] _covariance;
    private readonly double _centre;
    private readonly double _scale;

    /// <summary>Of masses where it was learnt.</summary>
    /// <param name="events">Their events.</param>
    /// <param name="mass">Their mass.</param>
    /// <exception cref="DataException">They have fewer than three different masses.</exception>
    public QuadraticLeverage(EventTable events, string mass)
    {
        ReadOnlySpan<float> masses = events[mass];
        (float low, float high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in masses)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        (_centre, _scale) = ((low + high) / 2.0, (high - low) / 2.0);
        double[] information = new double[Size * Size];
        for (int row = 0; row < masses.Length; row++)
        {
            double[] powers = PowersOf(masses[row]);
            for (int i = 0; i < information.Length; i++)
            {
                information[i] += events.Weight(row) * powers[i / Size] * powers[i % Size];
            }
        }

        _covariance = LinearSystem.InverseOfPositiveDefinite(information, Size) ?? throw new DataException(
            $"The {masses.Length:N0} masses do not determine a quadratic polynomial: fewer than three different masses, or negative "
                + "weights outweigh the others; this closure needs more events.");
    }

    /// <summary>The mean of h over masses.</summary>
    public double At(IReadOnlyCollection<double> masses) => masses.Average(mass =>
    {
        double[] powers = PowersOf(mass);
        return _covariance.Select((value, i) => value * powers[i / Size] * powers[i % Size]).Sum();
    });

    private double[] PowersOf(double mass)
    {
        double t = (mass - _centre) / _scale;
        return [1, t, t * t];
    }
}
