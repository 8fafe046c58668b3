using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gbi.Tests;

/// <summary>The public types and members of an assembly as C#-like lines, sorted by type, the type's own line first.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Describe(Assembly assembly) => Describe(assembly.GetExportedTypes());

    public static IReadOnlyList<string> Describe(IEnumerable<Type> types)
    {
        List<string> lines = [];
        foreach (Type type in types.Where(type => !IsGenerated(type)).OrderBy(CSharpNames.Full, StringComparer.Ordinal))
        {
            lines.Add(TypeLine(type));
            lines.AddRange(Members(type)
                .Select(member => $"{CSharpNames.Full(type)}: {member}")
                .Order(StringComparer.Ordinal));
        }

        return lines;
    }

    private static string TypeLine(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"delegate {CSharpNames.Return(invoke)} {CSharpNames.Full(type)}({CSharpNames.Parameters(invoke)})";
        }

        // What a type's base or its other interfaces already bring is left out.
        Type[] interfaces = [.. type.GetInterfaces().Where(candidate => candidate.IsVisible)];
        Type[] inherited =
            [.. (type.BaseType?.GetInterfaces() ?? []).Concat(interfaces.SelectMany(candidate => candidate.GetInterfaces()))];
        bool plainBase = type.BaseType is null || type.BaseType == typeof(object) || type.IsValueType;
        string[] bases =
        [
            .. plainBase ? Array.Empty<string>() : [CSharpNames.Of(type.BaseType!)],
            .. interfaces.Except(type.IsEnum ? interfaces : inherited)
                .Select(candidate => CSharpNames.Of(candidate))
                .Order(StringComparer.Ordinal),
        ];
        string tail = type.IsEnum
            ? $" : {CSharpNames.Of(type.GetEnumUnderlyingType())}"
            : bases.Length == 0
            ? ""
            : $" : {string.Join(", ", bases)}";
        return $"{Kind(type)} {CSharpNames.Full(type)}{tail}{CSharpNames.Constraints(type.GetGenericArguments())}";
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum)
        {
            return "enum";
        }

        if (type.IsInterface)
        {
            return "interface";
        }

        bool isRecord = type.GetMethod("<Clone>$", Declared) is not null
            || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null);
        string name = (isRecord ? "record " : "") + (type.IsValueType ? "struct" : "class");
        if (type.IsValueType)
        {
            return (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + name;
        }

        return (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => $"static {name}",
            (true, false) => $"abstract {name}",
            (false, true) => $"sealed {name}",
            _ => name,
        };
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield break;
        }

        foreach (FieldInfo field in type.GetFields(Declared).Where(field => IsVisible(field) && !field.IsSpecialName))
        {
            yield return Field(field);
        }

        HashSet<MethodInfo> accessors = [];
        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            accessors.UnionWith(property.GetAccessors(nonPublic: true));
            if (property.GetAccessors(nonPublic: true).Any(IsVisible) && !IsGenerated(property))
            {
                yield return Property(property);
            }
        }

        foreach (EventInfo happening in type.GetEvents(Declared))
        {
            accessors.UnionWith([happening.AddMethod!, happening.RemoveMethod!]);
            if (IsVisible(happening.AddMethod!))
            {
                yield return $"event {CSharpNames.Of(happening.EventHandlerType!)} {happening.Name}";
            }
        }

        foreach (ConstructorInfo constructor in type.GetConstructors(Declared)
            .Where(candidate => IsVisible(candidate) && !candidate.IsStatic))
        {
            yield return $"{Access(constructor)}{CSharpNames.Simple(type)}({CSharpNames.Parameters(constructor)})";
        }

        foreach (MethodInfo method in type.GetMethods(Declared).Where(method => IsVisible(method) && !IsGenerated(method)))
        {
            if (!accessors.Contains(method))
            {
                yield return $"{Access(method)}{Modifiers(method)}{CSharpNames.Return(method)} {CSharpNames.Method(method)}"
                    + $"({CSharpNames.Parameters(method)}){CSharpNames.Constraints(method.GetGenericArguments())}";
            }
        }
    }

    private static string Field(FieldInfo field)
    {
        if (field.DeclaringType!.IsEnum)
        {
            return $"{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}";
        }

        string access = field.IsPublic ? "" : "protected ";
        string type = CSharpNames.Of(field);
        return field.IsLiteral
            ? $"{access}const {type} {field.Name} = {CSharpNames.Literal(field.GetRawConstantValue())}"
            : $"{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    private static string Property(PropertyInfo property)
    {
        MethodInfo first = property.GetAccessors(nonPublic: true).First(IsVisible);
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string name = property.GetIndexParameters() is { Length: > 0 } index ? $"this[{CSharpNames.Parameters(index)}]" : property.Name;
        string getter = Accessor(property.GetMethod, first, "get");
        bool isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ?? false;
        string setter = Accessor(property.SetMethod, first, isInit ? "init" : "set");
        return $"{Access(first)}{required}{Modifiers(first)}{CSharpNames.Of(property)} {name} {{ {getter}{setter}}}";
    }

    private static string Accessor(MethodInfo? accessor, MethodInfo first, string name) =>
        accessor is null || !IsVisible(accessor) ? "" : (Access(accessor) == Access(first) ? "" : Access(accessor)) + name + "; ";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method)
    {
        bool inInterface = method.DeclaringType!.IsInterface;
        string instance = method.IsStatic ? "static " : "";
        string inheritance = method switch
        {
            { IsAbstract: true } => inInterface && !method.IsStatic ? "" : "abstract ",
            { IsVirtual: false } => "",
            _ when method.GetBaseDefinition().DeclaringType != method.DeclaringType => "override ",
            { IsFinal: true } => "",
            _ => "virtual ",
        };
        return instance + inheritance;
    }

    private static bool IsVisible(FieldInfo field) =>
        field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && !field.DeclaringType!.IsSealed);

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<') || member.IsDefined(typeof(CompilerGeneratedAttribute))
        || (member.DeclaringType is { } outer && IsGenerated(outer));
}
