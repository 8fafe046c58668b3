using Gbi.Events;

namespace Gbi.Generators;

/// <summary>
/// The parameter t = (m − centre)/scale of the parametric trees, limited to ±3: 0 in the middle of the signal region, of order 1 in
/// the sidebands. The limit keeps the far tail of a falling spectrum from bending the polynomial near the signal region.
/// </summary>
internal readonly record struct StandardisedMass(double Centre, double Scale)
{
    /// <summary>Largest |t|.</summary>
    public const double Limit = 3;

    /// <summary>A scale equal to the root mean square distance of the sidebands from the centre of the signal region.</summary>
    public static StandardisedMass Of(ReadOnlySpan<float> masses, EventTable sideband, MassWindow window)
    {
        double sum = 0;
        double squares = 0;
        for (int row = 0; row < masses.Length; row++)
        {
            double distance = masses[row] - window.Centre;
            sum += sideband.Weight(row);
            squares += sideband.Weight(row) * distance * distance;
        }

        return new StandardisedMass(window.Centre, Math.Sqrt(squares / sum));
    }

    public float Of(double mass) => (float)Math.Clamp((mass - Centre) / Scale, -Limit, Limit);

    public float[] Of(ReadOnlySpan<float> masses)
    {
        float[] parameters = new float[masses.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Of(masses[i]);
        }

        return parameters;
    }
}
