using System.Text;

namespace Gbi.Tests.Architecture;

/// <summary>The library's rooms (a room is a namespace Gbi.X) and the arrows between them, as the design has them.</summary>
public sealed class ArchitectureTests
{
    private sealed record Room(string Name, string[] MayUse, string[] Packages);

    private static readonly Room[] Table =
    [
        new("Numerics", [], ["System.Numerics.Tensors", "MathNet.Numerics"]),
        new("Events", ["Numerics"], []),
        new("Trees", ["Numerics", "Events"], ["System.Numerics.Tensors"]),
        new("Calibration", ["Numerics"], []),
        new("Ratios", ["Numerics", "Events", "Trees", "Calibration"], []),
        new("Generators", ["Events", "Trees", "Ratios", "Numerics"], []),
        new("Systematics", ["Events", "Trees", "Numerics"], []),
        // Columns of events are bound to a model by name; terms of an exponent are monomials as the trees have them.
        new("Inference", ["Events", "Systematics", "Numerics"], ["MathNet.Numerics"]),
        // A workspace's modifiers are yield factors and constraints.
        new("HistFactory", ["Systematics", "Inference", "Numerics"], []),
        new("Diagnostics", ["Events", "Ratios", "Inference", "Numerics"], []),
        // A ratio is exported with its calibration; networks run on blocks of events, and generators draw from a seed.
        new("Onnx", ["Numerics", "Events", "Ratios", "Calibration", "Generators", "Trees"], ["Microsoft.ML.OnnxRuntime.Managed", "Google.Protobuf"]),
        new("IO", ["Events"], ["Parquet.Net"]),
        new("Analysis",
            ["Numerics", "Events", "Trees", "Ratios", "Calibration", "Generators", "Systematics", "Inference", "HistFactory",
                "Diagnostics", "Onnx", "IO"],
            []),
        // A search's result, settings and generator are records of these rooms, and its report shows them.
        new("Reports", ["Numerics", "Events", "Trees", "Ratios", "Generators", "Inference", "Diagnostics", "Analysis"], []),
        new("Pipeline",
            ["Numerics", "Events", "Trees", "Ratios", "Calibration", "Generators", "Systematics", "Inference", "HistFactory",
                "Diagnostics", "Onnx", "IO"],
            ["Microsoft.ML", "Microsoft.ML.FastTree"]),
    ];

    private static readonly Lazy<IReadOnlySet<TypeReference>> Library =
        new(() => TypeReferences.Read(Path.Combine(AppContext.BaseDirectory, "Gbi.MLNet.dll")));

    private static readonly Lazy<IReadOnlySet<TypeReference>> ThisAssembly =
        new(() => TypeReferences.Read(typeof(ArchitectureTests).Assembly.Location));

    [Test]
    public void Every_type_lives_in_a_room_of_the_table()
    {
        // The compiler's own types ("<PrivateImplementationDetails>", embedded attributes) belong nowhere.
        string[] homeless = [.. Library.Value.Select(reference => reference.From).Distinct()
            .Where(type => !type.StartsWith('<') && !type.StartsWith("System.") && !type.StartsWith("Microsoft.CodeAnalysis."))
            .Where(type => !Table.Any(room => room.Name == RoomOf(type)))];

        Assert.That(homeless, Is.Empty);
    }

    [Test]
    public void No_room_uses_what_the_table_does_not_allow() =>
        Assert.That(Forbidden(Library.Value, Table), Is.Empty);

    [Test]
    public void A_room_uses_only_rooms_above_it_in_the_table()
    {
        for (int row = 0; row < Table.Length; row++)
        {
            string[] above = [.. Table.Take(row).Select(room => room.Name)];
            Assert.That(Table[row].MayUse, Is.SubsetOf(above), Table[row].Name);
        }
    }

    [Test]
    public void An_arrow_that_the_table_lacks_is_found()
    {
        string[] arrows = [.. Forbidden(Library.Value, [.. Table.Select(room => room with { MayUse = [] })])];
        string[] packages = [.. Forbidden(Library.Value, [.. Table.Select(room => room with { Packages = [] })])];

        Assert.Multiple(() =>
        {
            Assert.That(arrows, Has.Some.EndsWith("uses Gbi.Events.EventTable: room Trees may not use Events."));
            Assert.That(packages, Has.Some.EndsWith("room Numerics may not use System.Numerics.Tensors."));
        });
    }

    [TestCase("System.Text.StringBuilder", TestName = "A_use_is_found_in_a_local_variable")]
    [TestCase("System.IO.StringReader", TestName = "A_use_is_found_in_a_base_type")]
    [TestCase("System.ICloneable", TestName = "A_use_is_found_in_an_interface")]
    [TestCase("System.Collections.Generic.Queue`1", TestName = "A_use_is_found_in_a_field")]
    [TestCase("System.Version", TestName = "A_use_is_found_in_a_type_argument")]
    [TestCase("System.Uri", TestName = "A_use_is_found_in_a_method_signature")]
    [TestCase("System.Random", TestName = "A_use_is_found_in_a_call_inside_a_lambda")]
    [TestCase("System.Half", TestName = "A_use_is_found_in_a_type_token")]
    [TestCase("System.ObsoleteAttribute", TestName = "A_use_is_found_in_an_attribute")]
    [TestCase("System.IProgress`1", TestName = "A_use_is_found_in_a_constraint")]
    [TestCase("System.TimeoutException", TestName = "A_use_is_found_in_a_catch_clause")]
    public void A_use_is_found(string type) =>
        Assert.That(
            ThisAssembly.Value.Where(reference => reference.From == typeof(EveryKindOfUse).FullName).Select(reference => reference.To),
            Does.Contain(type));

    private static IEnumerable<string> Forbidden(IEnumerable<TypeReference> references, IReadOnlyCollection<Room> table)
    {
        foreach (TypeReference reference in references.OrderBy(reference => (reference.From, reference.To)))
        {
            Room? from = table.FirstOrDefault(room => room.Name == RoomOf(reference.From));
            string? to = reference.Assembly.Length == 0 ? RoomOf(reference.To) : PackageOf(reference.Assembly);
            if (from is null || to is null || to == from.Name)
            {
                continue;
            }

            if (!(reference.Assembly.Length == 0 ? from.MayUse : from.Packages).Contains(to))
            {
                yield return $"{reference.From} uses {reference.To}: room {from.Name} may not use {to}.";
            }
        }
    }

    private static string? RoomOf(string type) => type.Split('.') is ["Gbi", var room, _, ..] ? room : null;

    /// <summary>The package that brings an assembly; null for the framework, which is free for all.</summary>
    private static string? PackageOf(string assembly) => assembly switch
    {
        "System.Numerics.Tensors" => assembly,
        "Parquet" => "Parquet.Net",
        "Microsoft.ML.OnnxRuntime" => "Microsoft.ML.OnnxRuntime.Managed",
        "Microsoft.ML.FastTree" => assembly,
        "mscorlib" or "netstandard" or "System" => null,
        _ when assembly.StartsWith("System.") || assembly.StartsWith("Microsoft.Win32.") => null,
        _ when assembly == "Microsoft.ML" || assembly.StartsWith("Microsoft.ML.") => "Microsoft.ML",
        _ => assembly,
    };
}

/// <summary>Uses one type in each way that the reader of references must see.</summary>
internal sealed class EveryKindOfUse() : StringReader(""), ICloneable
{
    private readonly Queue<Version>? _queue = new();

    public object Clone() => _queue!;

    [Obsolete("Read, not run.")]
    public static string Signature(Uri? address) => $"{address}";

    public static void Constraint<T>() where T : IProgress<int> => Local();

    private static void Local()
    {
        try
        {
            StringBuilder text = Make<StringBuilder>();
            Console.WriteLine(text);
        }
        catch (TimeoutException)
        {
            Func<int> lambda = () => Random.Shared.Next();
            Console.WriteLine((lambda(), typeof(Half)));
        }
    }

    private static T Make<T>() where T : new() => new();
}
