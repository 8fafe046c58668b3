namespace Gbi.Inference.Toys;

/// <summary>Hands the fractions of a part of the work on as fractions of the whole.</summary>
internal sealed class StretchOfProgress : IProgress<double>
{
    private readonly IProgress<double> _target;
    private readonly double _start;
    private readonly double _length;

    private StretchOfProgress(IProgress<double> target, double start, double length) =>
        (_target, _start, _length) = (target, start, length);

    /// <summary>Progress of the part from <paramref name="start"/> on; null where nobody listens.</summary>
    public static StretchOfProgress? Of(IProgress<double>? target, double start, double length) =>
        target is null ? null : new StretchOfProgress(target, start, length);

    public void Report(double value) => _target.Report(_start + (value * _length));
}
