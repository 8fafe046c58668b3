namespace Gbi.Tests.Architecture;

/// <summary>Folders, files, lines and parameter lists stay as short as a reader needs them.</summary>
public sealed class HouseTests
{
    private static readonly Lazy<SourceFile[]> Sources = new(() => [.. SourceFile.All()]);

    [Test]
    public void A_folder_holds_at_most_fifteen_source_files() => RequireNone(FullFolders(Sources.Value));

    [Test]
    public void A_source_file_has_at_most_300_lines() => RequireNone(Sources.Value.SelectMany(source => source.Length()));

    [Test]
    public void A_line_has_at_most_140_characters() => RequireNone(Sources.Value.SelectMany(source => source.WideLines()));

    [Test]
    public void A_method_has_at_most_seven_parameters() =>
        RequireNone(Sources.Value.AsParallel().AsOrdered().SelectMany(source => source.LongParameterLists()));

    [Test]
    public void Using_directives_are_in_order() => RequireNone(Sources.Value.SelectMany(source => source.UnsortedUsings()));

    [Test]
    public void All_kinds_of_source_files_are_read() => Assert.That(
        Sources.Value.Select(source => Path.GetExtension(source.Path)).Distinct(),
        Is.EquivalentTo([".cs", ".py", ".sh", ".csproj", ".props"]));

    [Test]
    public void A_full_folder_is_found()
    {
        SourceFile[] files = [.. Enumerable.Range(0, 16).Select(i => new SourceFile($"src/Full/{i}.cs", "")), new("src/Other/1.cs", "")];
        Assert.That(FullFolders(files), Is.EqualTo(new[] { "src/Full: 16 source files, allowed 15" }));
        Assert.That(FullFolders(files[1..]), Is.Empty);
    }

    [Test]
    public void A_long_file_is_found()
    {
        string lines = string.Concat(Enumerable.Repeat("x\n", 300));
        Assert.That(new SourceFile("a.py", lines).Length(), Is.Empty);
        Assert.That(new SourceFile("a.py", lines + "x\n").Length(), Is.EqualTo(new[] { "a.py:301: 301 lines, allowed 300" }));
    }

    [Test]
    public void A_wide_line_is_found_by_its_characters_not_its_bytes()
    {
        string wide = new('ν', 140);
        Assert.That(new SourceFile("a.sh", $"x\n{wide}\r\n").WideLines(), Is.Empty);
        Assert.That(new SourceFile("a.sh", $"x\n{wide}ν\r\n").WideLines(), Is.EqualTo(new[] { "a.sh:2: 141 characters, allowed 140" }));
    }

    [TestCase("using B;\nusing A;\n", 2), TestCase("using A;\nusing System.IO;\n", 2)]
    [TestCase("using static A.B;\n\nusing C;\n", 3), TestCase("using A = D;\nusing System;\nusing static C;\n", 2)]
    public void A_using_directive_out_of_order_is_found(string directives, int line) => Assert.That(
        new SourceFile("a.cs", directives).UnsortedUsings(), Is.EqualTo(new[] { $"a.cs:{line}: using directive out of order" }));

    [TestCase("using System;\nusing System.IO;\nusing A;\nusing a.B;\nusing static System.Math;\nusing static A.B;\nusing A = System.D;\n")]
    [TestCase("using A;\n\nnamespace B;\n\nusing (C) { }\nusing var a = 1;\n")]
    public void Using_directives_in_order_pass(string text) => Assert.That(new SourceFile("a.cs", text).UnsortedUsings(), Is.Empty);

    [TestCase("void M(int a, int b, int c, int d, int e, int f, int g, int h);", TestName = "A_long_list_of_a_method_is_found")]
    [TestCase("public A(ref int a, out B? b, in int[] c, params X<int, int> d, int e, int f, int g, int h) : base(1)",
        TestName = "A_long_list_of_a_constructor_is_found")]
    [TestCase("delegate A D<T>(T a, (int, int) b, A.B c, int* d, T[,] e, int f = 1, string g = \"(\", A h = default(A));",
        TestName = "A_long_list_of_a_delegate_is_found")]
    [TestCase("record R([property: X(\"a, b\")] int A, int B, int C, int D, int E, int F, Func<int, A<B, C>> G, int H)",
        TestName = "A_long_list_of_a_record_is_found")]
    [TestCase("class C(\n    int a, // one, two)\n    int b, int c, int d, int e, int f, int g, int h)",
        TestName = "A_long_list_of_a_class_is_found")]
    [TestCase("record Documents(int A, int B, int C, int D, int E, int F, int G, int H)",
        TestName = "A_record_that_is_no_document_is_found")]
    [TestCase("(int A, int B, int C, int D, int E, int F, int G, int H) Get()", TestName = "A_long_tuple_is_found")]
    public void A_long_list_is_found(string code) => Assert.That(
        new SourceFile("a.cs", "\n" + code).LongParameterLists(), Is.EqualTo(new[] { "a.cs:2: 8 parameters, allowed 7" }));

    [TestCase("void M(int a, int b, int c, int d, int e, int f, Func<int, int, int> g);", TestName = "Seven_parameters_are_few")]
    [TestCase("M(a, b, c, d, e, f, g, h); N(1, \"int a\", -x, !y, z[1, 2], f(a, b), new A(), new B(c));",
        TestName = "A_call_is_no_declaration")]
    [TestCase("record RDocument(int A, int B, int C, int D, int E, int F, int G, int H);", TestName = "A_document_lists_its_keys")]
    [TestCase("// void M(int a, int b, int c, int d, int e, int f, int g, int h)", TestName = "A_comment_declares_nothing")]
    [TestCase("\"\"\"\nvoid M(int a, int b, int c, int d, int e, int f, int g, int h)\n\"\"\"", TestName = "A_text_declares_nothing")]
    public void What_is_no_long_list_passes(string code) =>
        Assert.That(new SourceFile("a.cs", code).LongParameterLists(), Is.Empty);

    /// <summary>Fails with all that was found, one a line.</summary>
    private static void RequireNone(IEnumerable<string> found) => Assert.That(string.Join('\n', found), Is.Empty);

    private static IEnumerable<string> FullFolders(IEnumerable<SourceFile> sources) => sources.CountBy(source => source.Folder)
        .Where(folder => folder.Value > 15).Select(folder => $"{folder.Key}: {folder.Value} source files, allowed 15");
}
