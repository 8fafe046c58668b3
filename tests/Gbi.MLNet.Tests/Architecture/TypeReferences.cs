using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Gbi.Tests.Architecture;

/// <summary>That one type of an assembly uses another; names are full, with the outermost type for nested ones.</summary>
/// <param name="From">Using type.</param>
/// <param name="To">Used type.</param>
/// <param name="Assembly">Assembly of the used type; empty for the same assembly.</param>
internal sealed record TypeReference(string From, string To, string Assembly);

/// <summary>
/// Every use of a type by another, read from a built assembly: base types, interfaces, attributes, constraints, fields,
/// signatures, local variables and the operands of the code. Constants and nameof leave no trace there.
/// </summary>
internal sealed class TypeReferences
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF, code => code.OperandType);

    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly Collector _collector;
    private readonly HashSet<TypeReference> _found = [];
    private string _from = "";

    private TypeReferences(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _collector = new Collector(this);
    }

    /// <summary>All references of an assembly file, each once; a type's references to itself are left out.</summary>
    public static IReadOnlySet<TypeReference> Read(string assemblyPath)
    {
        using FileStream stream = File.OpenRead(assemblyPath);
        using PEReader file = new(stream);
        TypeReferences references = new(file);
        foreach (TypeDefinitionHandle handle in references._metadata.TypeDefinitions)
        {
            references.AddType(handle);
        }

        return references._found;
    }

    private void AddType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        _from = Name(handle);
        Add(type.BaseType);
        AddAttributes(type.GetCustomAttributes());
        AddConstraints(type.GetGenericParameters());
        foreach (InterfaceImplementationHandle implementation in type.GetInterfaceImplementations())
        {
            Add(_metadata.GetInterfaceImplementation(implementation).Interface);
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            FieldDefinition definition = _metadata.GetFieldDefinition(field);
            definition.DecodeSignature(_collector, null);
            AddAttributes(definition.GetCustomAttributes());
        }

        foreach (PropertyDefinitionHandle property in type.GetProperties())
        {
            AddAttributes(_metadata.GetPropertyDefinition(property).GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            AddMethod(_metadata.GetMethodDefinition(method));
        }
    }

    private void AddMethod(MethodDefinition method)
    {
        method.DecodeSignature(_collector, null);
        AddAttributes(method.GetCustomAttributes());
        AddConstraints(method.GetGenericParameters());
        foreach (ParameterHandle parameter in method.GetParameters())
        {
            AddAttributes(_metadata.GetParameter(parameter).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_collector, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Add(region.CatchType);
        }

        AddCode(body.GetILReader());
    }

    private void AddCode(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            OperandType operand = Operands[value == 0xFE ? 0xFE00 | code.ReadByte() : value];
            switch (operand)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    // In two steps: += takes the offset before the count is read.
                    int targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                default:
                    code.Offset += Size(operand);
                    break;
            }
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private void AddAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle attribute in attributes)
        {
            Add(_metadata.GetCustomAttribute(attribute).Constructor);
        }
    }

    private void AddConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
            {
                Add(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void Add(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Found(Name((TypeDefinitionHandle)handle), "");
                break;
            case HandleKind.TypeReference:
                AddOutside((TypeReferenceHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_collector, null);
                break;
            case HandleKind.MethodDefinition:
                Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                generic.DecodeSignature(_collector, null);
                Add(generic.Method);
                break;
        }
    }

    private void AddOutside(TypeReferenceHandle handle)
    {
        System.Reflection.Metadata.TypeReference type = _metadata.GetTypeReference(handle);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                AddOutside((TypeReferenceHandle)type.ResolutionScope);
                break;
            case HandleKind.AssemblyReference:
                AssemblyReference assembly = _metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                Found(FullName(type.Namespace, type.Name), _metadata.GetString(assembly.Name));
                break;
        }
    }

    private void Found(string to, string assembly)
    {
        if (assembly.Length > 0 || to != _from)
        {
            _found.Add(new TypeReference(_from, to, assembly));
        }
    }

    private string Name(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return FullName(type.Namespace, type.Name);
    }

    private string FullName(StringHandle space, StringHandle name) =>
        space.IsNil ? _metadata.GetString(name) : $"{_metadata.GetString(space)}.{_metadata.GetString(name)}";

    /// <summary>Hears every type that a signature names; the values that it passes on mean nothing.</summary>
    private sealed class Collector(TypeReferences owner) : ISignatureTypeProvider<bool, object?>
    {
        public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            owner.Add(handle);
            return true;
        }

        public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            owner.Add(handle);
            return true;
        }

        public bool GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        {
            owner.Add(handle);
            return true;
        }

        public bool GetArrayType(bool elementType, ArrayShape shape) => true;
        public bool GetByReferenceType(bool elementType) => true;
        public bool GetFunctionPointerType(MethodSignature<bool> signature) => true;
        public bool GetGenericInstantiation(bool genericType, System.Collections.Immutable.ImmutableArray<bool> typeArguments) => true;
        public bool GetGenericMethodParameter(object? genericContext, int index) => true;
        public bool GetGenericTypeParameter(object? genericContext, int index) => true;
        public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => true;
        public bool GetPinnedType(bool elementType) => true;
        public bool GetPointerType(bool elementType) => true;
        public bool GetPrimitiveType(PrimitiveTypeCode typeCode) => true;
        public bool GetSZArrayType(bool elementType) => true;
    }
}
