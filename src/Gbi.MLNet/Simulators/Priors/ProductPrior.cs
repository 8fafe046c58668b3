namespace Gbi.Simulators.Priors;

/// <summary>Independent priors, one after the other.</summary>
internal sealed class ProductPrior : Prior
{
    private readonly Prior[] _parts;
    private readonly int[] _starts;
    private readonly int[] _partOf;

    private ProductPrior(Prior[] parts)
        : base([.. parts.SelectMany(part => part.Parameters)])
    {
        _parts = parts;
        _starts = new int[parts.Length + 1];
        for (int i = 0; i < parts.Length; i++)
        {
            _starts[i + 1] = _starts[i] + parts[i].Parameters.Count;
        }

        _partOf = [.. parts.SelectMany((part, i) => part.Parameters.Select(_ => i))];
    }

    /// <summary>The independent parts, none of them a product.</summary>
    public IReadOnlyList<Prior> Parts => _parts;

    public override bool HasDensity => _parts.All(part => part.HasDensity);

    public override bool HasTransform => _parts.All(part => part.HasTransform);

    public override double LogDensityError => Math.Sqrt(_parts.Sum(part => part.LogDensityError * part.LogDensityError));

    /// <summary>A product of parts; a single part is itself.</summary>
    public static Prior Of(IReadOnlyList<Prior> priors)
    {
        ArgumentNullException.ThrowIfNull(priors);
        Prior[] parts = [.. priors.SelectMany(prior => prior is ProductPrior product ? product.Parts : [prior])];
        return parts.Length switch
        {
            0 => throw new ArgumentException("There is no prior; give one or more."),
            1 => parts[0],
            _ => new ProductPrior(parts),
        };
    }

    /// <summary>The number of the part that holds a parameter.</summary>
    public int PartOf(int parameter) => _partOf[parameter];

    public override ParameterKind Kind(int parameter) => _parts[_partOf[parameter]].Kind(parameter - _starts[_partOf[parameter]]);

    public override IReadOnlyList<double> Values(int parameter) =>
        _parts[_partOf[parameter]].Values(parameter - _starts[_partOf[parameter]]);

    public override void Draw(Random random, Span<double> point)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            _parts[i].Draw(random, point[_starts[i].._starts[i + 1]]);
        }
    }

    public override double LogDensity(ReadOnlySpan<double> point)
    {
        double sum = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            sum += _parts[i].LogDensity(point[_starts[i].._starts[i + 1]]);
            if (double.IsNegativeInfinity(sum))
            {
                return sum;
            }
        }

        return sum;
    }

    public override bool Contains(ReadOnlySpan<double> point)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            if (!_parts[i].Contains(point[_starts[i].._starts[i + 1]]))
            {
                return false;
            }
        }

        return true;
    }

    public override (double Low, double High) Range(int parameter, ReadOnlySpan<double> point)
    {
        int part = _partOf[parameter];
        return _parts[part].Range(parameter - _starts[part], point[_starts[part].._starts[part + 1]]);
    }

    public override void ToUnbounded(ReadOnlySpan<double> point, Span<double> unbounded)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            _parts[i].ToUnbounded(point[_starts[i].._starts[i + 1]], unbounded[_starts[i].._starts[i + 1]]);
        }
    }

    public override double FromUnbounded(ReadOnlySpan<double> unbounded, Span<double> point)
    {
        double logJacobian = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            logJacobian += _parts[i].FromUnbounded(unbounded[_starts[i].._starts[i + 1]], point[_starts[i].._starts[i + 1]]);
        }

        return logJacobian;
    }
}
