using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gbi.Tests;

/// <summary>Types and parameters of reflection as C# writes them, nullable annotations included.</summary>
internal static class CSharpNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>With its namespace, outer types and the names of its type parameters.</summary>
    public static string Full(Type type) =>
        type.DeclaringType is { } outer ? $"{Full(outer)}.{Simple(type)}{Own(type)}" : $"{type.Namespace}.{Simple(type)}{Own(type)}";

    public static string Simple(Type type) => type.Name.Split('`')[0];

    public static string Of(Type type) => Of(type, null);

    public static string Of(FieldInfo field) => Of(field.FieldType, Nullability.Create(field));

    public static string Of(PropertyInfo property) => Reference(property.PropertyType, property.GetMethod?.ReturnParameter)
        + Of(Target(property.PropertyType), Nullability.Create(property));

    public static string Return(MethodInfo method) =>
        Reference(method.ReturnType, method.ReturnParameter) + Of(Target(method.ReturnType), Nullability.Create(method.ReturnParameter));

    public static string Method(MethodInfo method) =>
        method.Name + (method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Of))}>" : "");

    public static string Parameters(MethodBase method)
    {
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extension + Parameters(method.GetParameters());
    }

    public static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    public static string Constraints(Type[] parameters) => string.Concat(parameters
        .Where(parameter => parameter.IsGenericParameter && parameter.GetGenericParameterConstraints().Length > 0)
        .Select(parameter => $" where {parameter.Name} : {string.Join(", ", Bounds(parameter))}"));

    public static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IEnumerable<string> Bounds(Type parameter) => parameter.GetGenericParameterConstraints()
        .OrderByDescending(bound => bound == typeof(ValueType))
        .ThenBy(Of, StringComparer.Ordinal)
        .Select(bound => bound == typeof(ValueType) ? "struct" : Of(bound));

    private static string Parameter(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        string modifier = (type.IsByRef, parameter) switch
        {
            (true, { IsOut: true }) => "out ",
            (true, { IsIn: true }) => "in ",
            (true, _) => "ref ",
            _ => parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "",
        };
        return $"{modifier}{Of(Target(type), Nullability.Create(parameter))} {parameter.Name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
        {
            return "";
        }

        Type type = Target(parameter.ParameterType);
        bool isDefault = parameter.DefaultValue is null && type.IsValueType && Nullable.GetUnderlyingType(type) is null;
        return isDefault ? " = default"
            : type.IsEnum ? $" = {type.Name}.{Enum.GetName(type, parameter.DefaultValue!)}"
            : $" = {Literal(parameter.DefaultValue)}";
    }

    private static string Reference(Type type, ParameterInfo? returned) =>
        !type.IsByRef ? "" : returned?.GetRequiredCustomModifiers().Length > 0 ? "ref readonly " : "ref ";

    private static Type Target(Type type) => type.IsByRef ? type.GetElementType()! : type;

    private static string Own(Type type)
    {
        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        Type[] own = type.GetGenericArguments()[inherited..];
        return own.Length == 0 ? "" : $"<{string.Join(", ", own.Select(Of))}>";
    }

    private static string Of(Type type, NullabilityInfo? nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        string mark = nullability?.ReadState == NullabilityState.Nullable && !type.IsValueType ? "?" : "";
        return Bare(type, nullability) + mark;
    }

    private static string Bare(Type type, NullabilityInfo? nullability)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }

        if (type.IsGenericParameter || !type.IsGenericType)
        {
            return type is { IsNested: true, IsGenericParameter: false } ? $"{Of(type.DeclaringType!)}.{type.Name}" : type.Name;
        }

        Type[] arguments = type.GetGenericArguments();
        NullabilityInfo[]? inner = nullability?.GenericTypeArguments;
        string[] names = [.. arguments.Select((argument, i) => Of(argument, inner?.Length == arguments.Length ? inner[i] : null))];
        if (type.Name.StartsWith("ValueTuple`"))
        {
            return $"({string.Join(", ", names)})";
        }

        int outside = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string prefix = type.IsNested
            ? $"{Simple(type.DeclaringType!)}{(outside > 0 ? $"<{string.Join(", ", names[..outside])}>" : "")}."
            : "";
        return prefix + Simple(type) + (names.Length > outside ? $"<{string.Join(", ", names[outside..])}>" : "");
    }
}
