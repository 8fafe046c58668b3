using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Gbi.Events;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods;

/// <summary>A hash of a model and its data: equal for the same content, from whatever file it was read.</summary>
internal static class ModelFingerprint
{
    /// <summary>SHA-256 of parameters, channels, reference samples and data, as 64 hexadecimal digits.</summary>
    /// <remarks>Made of what was given, to the last bit, and of nothing computed, so that it does not depend on the machine.</remarks>
    public static string Of(LikelihoodModel model, ModelData data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        using var hash = new ContentHash();
        hash.Add("parameter of interest", model.ParameterOfInterest);
        foreach (FitParameter parameter in model.Parameters)
        {
            Constraint? constraint = parameter.Constraint;
            hash.Add(parameter.Name, parameter.Initial, parameter.Lower, parameter.Upper, parameter.IsFixed);

            // What a measurement gives for 1 is the scale of a Poisson constraint; for the others it is the width.
            hash.Add(constraint?.GetType().Name, constraint?.Observed, constraint?.Width, constraint?.Expected(1));
        }

        foreach (Channel channel in model.Channels)
        {
            Add(hash, channel);
        }

        hash.Add(data is AsimovData ? "Asimov data" : "data", data.Events.Count);
        hash.AddNumbers([.. data.Counts, .. data.Auxiliary]);
        for (int at = 0; at < data.Events.Count; at++)
        {
            hash.AddTable(data.Events[at], model.UnbinnedChannels[at].Columns);
        }

        return hash.Finish();
    }

    private static void Add(ContentHash hash, Channel channel)
    {
        hash.Add(channel.GetType().Name, channel.Name);
        switch (channel)
        {
            case BinnedChannel binned:
                foreach (BinnedSample sample in binned.Samples)
                {
                    Add(hash, sample);
                }

                break;
            case UnbinnedChannel unbinned:
                hash.Add(unbinned.NormalisesShapes, unbinned.Reference is null);
                foreach (Process process in unbinned.Processes)
                {
                    Add(hash, process);
                }

                if (unbinned.Reference is { } reference)
                {
                    hash.AddTable(reference, unbinned.Columns);
                }

                break;
        }
    }

    private static void Add(ContentHash hash, BinnedSample sample)
    {
        hash.Add(sample.Name);
        hash.AddNumbers([.. sample.Nominal]);
        Add(hash, sample.YieldFactors);
        foreach (BinShift shift in sample.Shifts)
        {
            hash.Add(shift.Parameter, shift.Law);
            hash.AddNumbers([.. shift.Down, .. shift.Up]);
        }

        foreach (BinFactors factors in sample.BinFactors)
        {
            hash.Add([.. factors.Parameters]);
        }
    }

    private static void Add(ContentHash hash, Process process)
    {
        hash.Add(process.Name, process.ExpectedYield, process.LogRatio, process.Ratio);
        Add(hash, process.YieldFactors);
        foreach (ShapeVariation shape in process.ShapeVariations)
        {
            switch (shape)
            {
                case ExponentialVariation exponential:
                    hash.Add([.. exponential.Terms.SelectMany(term => (string[])[.. term.Factors, term.Column])]);
                    break;
                case UpDownVariation pair:
                    hash.Add(pair.Parameter, pair.Up, pair.Down, pair.Law);
                    break;
                default:
                    throw new NotSupportedException($"A shape variation of kind {shape.GetType().Name} has no fingerprint.");
            }
        }
    }

    private static void Add(ContentHash hash, IReadOnlyList<YieldFactor> factors)
    {
        foreach (YieldFactor factor in factors)
        {
            hash.Add(factor.GetType().Name, factor.Parameter);
            switch (factor)
            {
                case YieldFactor.StrengthFactor:
                    break;
                case YieldFactor.PolynomialFactor polynomial:
                    hash.AddNumbers(polynomial.Coefficients);
                    break;
                case YieldFactor.ExponentialFactor exponential:
                    hash.AddNumbers([exponential.Linear, exponential.Quadratic]);
                    break;
                case YieldFactor.InterpolatedFactor interpolated:
                    hash.Add(interpolated.Law, interpolated.Down, interpolated.Up);
                    break;
                default:
                    throw new NotSupportedException($"A yield factor of kind {factor.GetType().Name} has no fingerprint.");
            }
        }
    }
}

/// <summary>A SHA-256 hash of words, numbers and tables; every list begins with its length, so that no two contents read alike.</summary>
internal sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(params ReadOnlySpan<object?> words)
    {
        AddLength(words.Length);
        foreach (object? word in words)
        {
            byte[] bytes = word is null ? [] : Encoding.UTF8.GetBytes(Convert.ToString(word, CultureInfo.InvariantCulture)!);
            AddLength(word is null ? -1 : bytes.Length);
            _hash.AppendData(bytes);
        }
    }

    public void AddNumbers(ReadOnlySpan<double> numbers)
    {
        AddLength(numbers.Length);
        _hash.AppendData(MemoryMarshal.AsBytes(numbers));
    }

    public void AddTable(EventTable table, IReadOnlyList<string> columns)
    {
        Add("table", table.Count);
        foreach (string column in columns)
        {
            Add(column);
            _hash.AppendData(MemoryMarshal.AsBytes(table[column]));
        }

        AddNumbers(table.Weights);
    }

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void AddLength(int length) => _hash.AppendData(BitConverter.GetBytes(length));
}
