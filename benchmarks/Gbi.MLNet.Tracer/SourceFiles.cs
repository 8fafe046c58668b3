using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Gbi.Tracer;

/// <summary>The source file of each method, from the portable symbols next to the assemblies of a folder.</summary>
internal sealed class SourceFiles : IDisposable
{
    private readonly List<(PEReader Assembly, MetadataReader Types, MetadataReaderProvider Symbols)> _assemblies = [];

    public SourceFiles(string folder)
    {
        foreach (string path in Directory.GetFiles(folder, "*.dll"))
        {
            string symbols = Path.ChangeExtension(path, ".pdb");
            if (File.Exists(symbols))
            {
                var assembly = new PEReader(File.OpenRead(path));
                var lines = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
                _assemblies.Add((assembly, assembly.GetMetadataReader(), lines));
            }
        }
    }

    /// <summary>The file as PROJECT/ROOM/.../NAME.cs; null for a method that a person did not write.</summary>
    public string? Of(int token, string type)
    {
        var method = (MethodDefinitionHandle)MetadataTokens.EntityHandle(token);
        foreach ((_, MetadataReader types, MetadataReaderProvider symbols) in _assemblies)
        {
            if (MetadataTokens.GetRowNumber(method) <= types.MethodDefinitions.Count &&
                NameOf(types, types.GetMethodDefinition(method).GetDeclaringType()) == type)
            {
                return FileOf(symbols.GetMetadataReader(), method);
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach ((PEReader assembly, _, MetadataReaderProvider symbols) in _assemblies)
        {
            symbols.Dispose();
            assembly.Dispose();
        }
    }

    private static string? FileOf(MetadataReader symbols, MethodDefinitionHandle method)
    {
        MethodDebugInformation information = symbols.GetMethodDebugInformation(method.ToDebugInformationHandle());
        DocumentHandle document = information.GetSequencePoints().FirstOrDefault(point => !point.IsHidden).Document;
        if (document.IsNil)
        {
            return null;
        }

        string path = symbols.GetString(symbols.GetDocument(document).Name).Replace('\\', '/');
        path = path[(path.LastIndexOf("/src/", StringComparison.Ordinal) + "/src/".Length)..];
        return path.Contains("/obj/", StringComparison.Ordinal) ? null : path; // obj holds what generators wrote
    }

    // As the runtime writes it: Namespace.Outer+Inner.
    private static string NameOf(MetadataReader types, TypeDefinitionHandle handle)
    {
        TypeDefinition type = types.GetTypeDefinition(handle);
        string name = types.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{NameOf(types, outer)}+{name}"
            : $"{types.GetString(type.Namespace)}.{name}";
    }
}
