using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Contours;

/// <summary>
/// −2 ln L of weighted events for contours of two parameters: F₀ + c(δ) (F − F₀) with F₀ the minimum, δ the distance of both parameters
/// from it and c(δ) = δᵀ V⁻¹ δ/δᵀ P⁻¹ δ, where V is their sandwich covariance and P that of Poisson events. It rises by the quantiles of χ²
/// with two degrees of freedom, and its profile over the others is the scaled profile.
/// </summary>
/// <remarks>The vertical adjustment of Chandler and Bate, Biometrika 94 (2007) 167.</remarks>
internal sealed class ScaledRise : ISmoothFunction
{
    private readonly ISmoothFunction _function;
    private readonly int _first;
    private readonly int _second;
    private readonly double _least;
    private readonly (double First, double Second) _best;
    private readonly Form _sandwich;
    private readonly Form _poisson;
    private readonly double[] _slope;

    private ScaledRise(ISmoothFunction function, FitResult best, int first, int second)
    {
        (_function, _first, _second, _least) = (function, first, second, best.TwiceNll);
        _best = (best.Parameters[first], best.Parameters[second]);
        _sandwich = Form.InverseOf(best.Covariance!, best.Names.Count, first, second);
        _poisson = Form.InverseOf(best.HessianCovariance!, best.Names.Count, first, second);
        _slope = new double[best.Names.Count];
    }

    public int ParameterCount => _function.ParameterCount;

    /// <summary>The function whose contours are drawn: −2 ln L itself where there are no weighted events.</summary>
    /// <exception cref="FitException">The covariance of weighted events is not known.</exception>
    public static ISmoothFunction Of(ProfileLikelihood fits, int second)
    {
        FitResult best = fits.Fit();
        if (!best.HasWeightedEvents)
        {
            return fits.TwiceNll;
        }

        return best.Covariance is not null ? new ScaledRise(fits.TwiceNll, best, fits.ParameterOfInterest, second) : throw new FitException(
            $"The contour of {best.Names[fits.ParameterOfInterest]} and {best.Names[second]} of weighted events needs the covariance of "
                + $"all parameters: {string.Join(" ", best.Remarks)}");
    }

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        Span<double> slope = gradient.IsEmpty ? _slope : gradient;
        slope = hessian.IsEmpty ? gradient : slope;
        double rise = _function.Evaluate(parameters, slope, hessian) - _least;
        (double x, double y) = (parameters[_first] - _best.First, parameters[_second] - _best.Second);
        double poisson = _poisson.At(x, y);
        if (!(poisson > 0) || !double.IsFinite(rise))
        {
            return rise + _least;
        }

        double scale = _sandwich.At(x, y) / poisson;
        (double X, double Y) change = (
            2 * (_sandwich.ByX(x, y) - (scale * _poisson.ByX(x, y))) / poisson,
            2 * (_sandwich.ByY(x, y) - (scale * _poisson.ByY(x, y))) / poisson);
        if (!hessian.IsEmpty)
        {
            Scale(hessian, slope, scale, rise, (x, y), change);
        }

        if (!gradient.IsEmpty)
        {
            foreach (ref double entry in gradient)
            {
                entry *= scale;
            }

            gradient[_first] += rise * change.X;
            gradient[_second] += rise * change.Y;
        }

        return _least + (scale * rise);
    }

    /// <summary>c ∇∇F + ∇c ∇Fᵀ + ∇F ∇cᵀ + (F − F₀) ∇∇c.</summary>
    private void Scale(
        Span<double> hessian, ReadOnlySpan<double> slope, double scale, double rise, (double X, double Y) at, (double X, double Y) change)
    {
        int n = slope.Length;
        foreach (ref double entry in hessian)
        {
            entry *= scale;
        }

        for (int i = 0; i < n; i++)
        {
            hessian[(_first * n) + i] += change.X * slope[i];
            hessian[(i * n) + _first] += change.X * slope[i];
            hessian[(_second * n) + i] += change.Y * slope[i];
            hessian[(i * n) + _second] += change.Y * slope[i];
        }

        double poisson = _poisson.At(at.X, at.Y);
        (double byX, double byY) = (2 * _poisson.ByX(at.X, at.Y), 2 * _poisson.ByY(at.X, at.Y));
        hessian[(_first * n) + _first] += rise * ((2 * (_sandwich.XX - (scale * _poisson.XX))) - (2 * byX * change.X)) / poisson;
        hessian[(_second * n) + _second] += rise * ((2 * (_sandwich.YY - (scale * _poisson.YY))) - (2 * byY * change.Y)) / poisson;
        double mixed = rise * ((2 * (_sandwich.XY - (scale * _poisson.XY))) - (byX * change.Y) - (byY * change.X)) / poisson;
        hessian[(_first * n) + _second] += mixed;
        hessian[(_second * n) + _first] += mixed;
    }

    /// <summary>A quadratic form in the plane.</summary>
    private readonly record struct Form(double XX, double XY, double YY)
    {
        public static Form InverseOf(IReadOnlyList<double> covariance, int size, int first, int second)
        {
            (double xx, double xy, double yy) = (
                covariance[(first * size) + first], covariance[(first * size) + second], covariance[(second * size) + second]);
            double determinant = (xx * yy) - (xy * xy);
            return new Form(yy / determinant, -xy / determinant, xx / determinant);
        }

        public double At(double x, double y) => (XX * x * x) + (2 * XY * x * y) + (YY * y * y);

        public double ByX(double x, double y) => (XX * x) + (XY * y);

        public double ByY(double x, double y) => (XY * x) + (YY * y);
    }
}
