using Gbi.Numerics.Minima;

namespace Gbi.Inference.Contours;

/// <summary>
/// A function on a line in the plane of two of its parameters: (first, second) = origin + s · direction, with s in the position of the
/// first. The entry of the second is not read, and its derivatives are 0.
/// </summary>
internal sealed class PlaneLine(ISmoothFunction function, int first, int second) : ISmoothFunction
{
    private readonly double[] _point = new double[function.ParameterCount];
    private (double First, double Second) _origin;
    private (double First, double Second) _direction;

    public int ParameterCount => function.ParameterCount;

    /// <summary>Lays the line.</summary>
    public void Lay((double First, double Second) origin, (double First, double Second) direction) =>
        (_origin, _direction) = (origin, direction);

    /// <summary>The point of the plane at s.</summary>
    public (double First, double Second) At(double s) => (_origin.First + (s * _direction.First), _origin.Second + (s * _direction.Second));

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        parameters.CopyTo(_point);
        (_point[first], _point[second]) = At(parameters[first]);
        double value = function.Evaluate(_point, gradient, hessian);
        if (!gradient.IsEmpty)
        {
            gradient[first] = Along(gradient[first], gradient[second]);
            gradient[second] = 0;
        }

        if (!hessian.IsEmpty)
        {
            Turn(hessian, ParameterCount);
        }

        return value;
    }

    /// <summary>Rows, then columns, of both parameters become that of s.</summary>
    private void Turn(Span<double> hessian, int size)
    {
        for (int i = 0; i < size; i++)
        {
            int column = (first * size) + i;
            hessian[column] = Along(hessian[column], hessian[(second * size) + i]);
            hessian[(second * size) + i] = 0;
        }

        for (int i = 0; i < size; i++)
        {
            int row = (i * size) + first;
            hessian[row] = Along(hessian[row], hessian[(i * size) + second]);
            hessian[(i * size) + second] = 0;
        }
    }

    private double Along(double ofFirst, double ofSecond) => (ofFirst * _direction.First) + (ofSecond * _direction.Second);
}
