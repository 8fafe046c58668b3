namespace Gbi.Inference.Toys;

/// <summary>Hands the fractions of a part of the work on as fractions of the whole.</summary>
internal sealed class PartialProgress : IProgress<double>
{
    private readonly IProgress<double> _target;
    private readonly double _start;
    private readonly double _length;

    private PartialProgress(IProgress<double> target, double start, double length) =>
        (_target, _start, _length) = (target, start, length);

    /// <summary>Progress of the part from <paramref name="start"/> on; null where there is no target.</summary>
    public static PartialProgress? Of(IProgress<double>? target, double start, double length) =>
        target is null ? null : new PartialProgress(target, start, length);

    public void Report(double value) => _target.Report(_start + (value * _length));
}
