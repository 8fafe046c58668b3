using Gbi.Posteriors.Autoregressive.Means;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>How the values of a parameter are ordered, as nodes: the formulas of <see cref="ParameterScale"/>.</summary>
internal sealed class ParameterNodes(ParameterScale parameter)
{
    private double Period => parameter.High - parameter.Low;

    /// <summary>Numbers without a jump that stand for a value, all of single precision.</summary>
    public GraphValue[] Coordinates(GraphValue value)
    {
        if (!parameter.IsPeriodic)
        {
            return [value];
        }

        GraphValue angle = (value.ToDouble() - parameter.Low) * Math.Tau / Period;
        return [angle.Of("Sin").ToSingle(), SpecialFunctionNodes.Cosine(angle).ToSingle()];
    }

    /// <summary>The value that coordinates stand for.</summary>
    public GraphValue FromCoordinates(GraphValue[] coordinates) => parameter.IsPeriodic
        ? Wrapped(
            parameter.Low + (SpecialFunctionNodes.Angle(coordinates[0].ToDouble(), coordinates[1].ToDouble()) * Period / Math.Tau))
        : coordinates[0];

    /// <summary>A value less another one, by the shorter way round on a circle; single precision.</summary>
    public GraphValue Difference(GraphValue value, GraphValue from)
    {
        if (!parameter.IsPeriodic)
        {
            return value - from;
        }

        GraphValue distance = value.ToDouble() - from.ToDouble();
        return (distance - ((distance / Period).Round() * Period)).ToSingle();
    }

    /// <summary>A value of double precision brought into the range of a circle; single precision.</summary>
    public GraphValue Wrapped(GraphValue value)
    {
        if (!parameter.IsPeriodic)
        {
            return value.ToSingle();
        }

        GraphValue turns = ((value - parameter.Low) / Period).Floor();
        GraphValue inside = (value - (turns * Period)).ToSingle();
        return inside.Largest(inside.Single((float)parameter.Low)).Smallest(inside.Single((float)parameter.High));
    }
}
