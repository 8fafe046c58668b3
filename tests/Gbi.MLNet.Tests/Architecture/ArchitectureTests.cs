namespace Gbi.Tests.Architecture;

/// <summary>The code keeps to the arrows of <see cref="Rooms"/>, and uses all of them.</summary>
public sealed class ArchitectureTests
{
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
            .Where(type => !Rooms.Table.Any(room => room.Name == RoomOf(type)))];

        Assert.That(homeless, Is.Empty);
    }

    [Test]
    public void No_room_uses_what_the_table_does_not_allow() =>
        Assert.That(Forbidden(Library.Value, Rooms.Table), Is.Empty);

    [Test]
    public void The_table_allows_nothing_that_no_code_uses()
    {
        HashSet<(string, string)> used = [.. Library.Value.Select(Arrow).OfType<(string, string)>()];
        string[] unused = [.. Rooms.Table.SelectMany(room => room.MayUse.Concat(room.Packages).Select(to => (room.Name, to)))
            .Where(arrow => !used.Contains(arrow)).Select(arrow => $"{arrow.Name} -> {arrow.to}")];

        Assert.That(unused, Is.Empty);
    }

    [Test]
    public void Arrows_point_down_the_floors_and_down_the_table()
    {
        for (int row = 0; row < Rooms.Table.Length; row++)
        {
            string[] below = [.. Rooms.Table.Take(row).Where(room => room.Floor <= Rooms.Table[row].Floor).Select(room => room.Name)];
            Assert.That(Rooms.Table[row].MayUse, Is.SubsetOf(below), Rooms.Table[row].Name);
        }
    }

    [TestCase("Searches")]
    [TestCase("Likelihoods")]
    [TestCase("Inference")]
    public void Sub_rooms_use_what_their_table_says_and_nothing_else(string room)
    {
        string[] used = [.. Library.Value.Select(reference => SubArrow(reference, room)).OfType<(string From, string To)>()
            .Distinct().Select(arrow => $"{arrow.From} -> {arrow.To}")];
        string[] listed = [.. Rooms.SubTables[room]
            .SelectMany(sub => sub.MayUse.Select(to => $"{Full(room, sub.Name)} -> {Full(room, to)}"))
            .Concat(Rooms.ToBeRemoved.Where(arrow => RoomOf($"Gbi.{arrow.From}.") == room).Select(arrow => $"{arrow.From} -> {arrow.To}"))];

        Assert.That(used.Order(), Is.EqualTo(listed.Order()));
    }

    [TestCase("Searches")]
    [TestCase("Likelihoods")]
    [TestCase("Inference")]
    public void Sub_rooms_use_only_those_before_them(string room)
    {
        SubRoom[] table = Rooms.SubTables[room];
        for (int row = 0; row < table.Length; row++)
        {
            Assert.That(table[row].MayUse, Is.SubsetOf(table.Take(row).Select(sub => sub.Name)), table[row].Name);
        }
    }

    // They keep items in storage of each thread, for ever where an item refers to their owner: Numerics.IdlePool does not.
    [TestCase("System.Collections.Concurrent.ConcurrentBag"), TestCase("System.Threading.ThreadLocal")]
    public void No_pool_outlives_its_owner(string type) => Assert.That(
        Library.Value.Where(reference => reference.To.Split('`')[0] == type).Select(reference => reference.From), Is.Empty);

    [Test]
    public void A_package_is_used_in_its_own_place_only()
    {
        string[] elsewhere = [.. Library.Value.Where(reference => !IsExcepted(Arrow(reference)))
            .SelectMany(reference => Rooms.Owners.Where(owner => PackageOf(reference.Assembly) == owner.Package
                    && !reference.From.StartsWith(owner.Namespace + ".") && RoomOf(reference.From) is not null)
                .Select(owner => $"{reference.From} uses {owner.Package}"))];

        Assert.That(elsewhere, Is.Empty);
    }

    [Test]
    public void Every_arrow_to_be_removed_is_still_there()
    {
        HashSet<(string, string)> used = [.. Library.Value.SelectMany(reference =>
            Rooms.SubTables.Keys.Select(room => SubArrow(reference, room)).Append(Arrow(reference))).OfType<(string, string)>()];

        Assert.That(Rooms.ToBeRemoved.Where(arrow => !used.Contains((arrow.From, arrow.To))), Is.Empty);
    }

    [Test]
    public void An_arrow_that_the_table_lacks_is_found()
    {
        string[] arrows = [.. Forbidden(Library.Value, [.. Rooms.Table.Select(room => room with { MayUse = [] })])];
        string[] packages = [.. Forbidden(Library.Value, [.. Rooms.Table.Select(room => room with { Packages = [] })])];

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
            if (Arrow(reference) is not { } arrow || IsExcepted(arrow)
                || table.FirstOrDefault(room => room.Name == arrow.From) is not { } from)
            {
                continue;
            }

            if (!(reference.Assembly.Length == 0 ? from.MayUse : from.Packages).Contains(arrow.To))
            {
                yield return $"{reference.From} uses {reference.To}: room {from.Name} may not use {arrow.To}.";
            }
        }
    }

    /// <summary>The arrow between two rooms, or from a room to a package, that a use stands for; null within a room.</summary>
    private static (string From, string To)? Arrow(TypeReference reference) =>
        RoomOf(reference.From) is { } from
        && (reference.Assembly.Length == 0 ? RoomOf(reference.To) : PackageOf(reference.Assembly)) is { } to && from != to
            ? (from, to)
            : null;

    /// <summary>The arrow between two sub-rooms of a room that a use stands for; null within one of them and elsewhere.</summary>
    private static (string From, string To)? SubArrow(TypeReference reference, string room) =>
        reference.Assembly.Length == 0 && RoomOf(reference.From) == room && RoomOf(reference.To) == room
        && FolderOf(reference.From) is var from && FolderOf(reference.To) is var to && from != to
            ? (from, to)
            : null;

    private static bool IsExcepted((string From, string To)? arrow) =>
        Rooms.ToBeRemoved.Any(exception => arrow == (exception.From, exception.To));

    private static string Full(string room, string subRoom) => subRoom == Rooms.TopOfRoom ? room : $"{room}.{subRoom}";

    /// <summary>"Searches.Family" of "Gbi.Searches.Family.FamilySearch".</summary>
    private static string FolderOf(string type) => type["Gbi.".Length..type.LastIndexOf('.')];

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
