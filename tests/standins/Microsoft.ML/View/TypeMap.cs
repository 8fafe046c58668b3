using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Which data view type stands for which .NET type.</summary>
internal static class TypeMap
{
    private static readonly PrimitiveDataViewType[] Types =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
        RowIdDataViewType.Instance, DateTimeDataViewType.Instance,
    ];

    public static PrimitiveDataViewType PrimitiveOrNull(Type type)
        => type == typeof(string) ? TextDataViewType.Instance : Types.FirstOrDefault(candidate => candidate.RawType == type);

    public static PrimitiveDataViewType Primitive(Type type)
        => PrimitiveOrNull(type) ?? throw new ArgumentOutOfRangeException(nameof(type), $"{type} has no data view type.");

    public static string Write(DataViewType type) => type switch
    {
        VectorDataViewType vector => $"V{string.Join(',', vector.Dimensions)}:{Write(vector.ItemType)}",
        KeyDataViewType key => $"K{key.Count}:{Array.FindIndex(Types, t => t.RawType == key.RawType)}",
        _ => $"P{Array.IndexOf(Types, (PrimitiveDataViewType)type)}",
    };

    public static DataViewType Read(string text)
    {
        int colon = text.IndexOf(':');
        return text[0] switch
        {
            'V' => new VectorDataViewType(
                (PrimitiveDataViewType)Read(text[(colon + 1)..]), text[1..colon].Split(',').Select(int.Parse).ToArray()),
            'K' => new KeyDataViewType(Types[int.Parse(text[(colon + 1)..])].RawType, ulong.Parse(text[1..colon])),
            _ => Types[int.Parse(text[1..])],
        };
    }

    /// <summary>Calls the generic static method <paramref name="name"/> of <paramref name="owner"/> with a run-time type.</summary>
    public static object Call(Type owner, string name, Type argument, params object[] arguments)
        => Call(owner, name, [argument], arguments);

    public static object Call(Type owner, string name, Type[] types, params object[] arguments)
    {
        const System.Reflection.BindingFlags any =
            System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic;
        try
        {
            return owner.GetMethod(name, any).MakeGenericMethod(types).Invoke(null, arguments);
        }
        catch (System.Reflection.TargetInvocationException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.InnerException).Throw();
            throw;
        }
    }
}
