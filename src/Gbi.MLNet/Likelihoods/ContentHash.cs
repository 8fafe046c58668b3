using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Gbi.Events;

namespace Gbi.Likelihoods;

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
