using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Gbi.Pipeline.Persistence;

/// <summary>Column names inside a lowered chain. They stand in saved models: never changed.</summary>
internal static class LoweredNames
{
    public const string Key = "__gbi_key";
    public const string State = "__gbi_state";
    public const string Inputs = "__gbi_inputs";
    public const string OutputPrefix = "__gbi_output";
    public const string KeyContract = "Gbi.Key";
    public const string ModelContract = "Gbi.Model";
    public const string WideModelContract = "Gbi.WideModel";
    public const string VectorModelContract = "Gbi.VectorModel";
    public const string Vector = "__gbi_vector";

    /// <summary>Most numbers that a saved transformer may give for a row where its outputs are vectors.</summary>
    public const int MaxNumbers = 1 << 20;

    /// <summary>Outputs of the contract that most transformers are saved with: its columns are fixed when it is compiled.</summary>
    public const int NarrowOutputs = 4;

    /// <summary>Outputs of the wide contract, the most that a transformer may have.</summary>
    public const int MaxOutputs = 16;

    /// <summary>Outputs of the contract for so many.</summary>
    public static int ContractOutputs(int outputs) => outputs <= NarrowOutputs ? NarrowOutputs : MaxOutputs;
}

/// <summary>A row of which nothing is read.</summary>
internal sealed class NoColumns;

/// <summary>The constant by which the state is looked up.</summary>
internal sealed class StateKey
{
    [ColumnName(LoweredNames.Key)]
    public int Key { get; set; }
}

/// <summary>What the model reads.</summary>
internal sealed class ModelInput
{
    [ColumnName(LoweredNames.Inputs)]
    public VBuffer<float> Inputs { get; set; }

    [ColumnName(LoweredNames.State)]
    public ReadOnlyMemory<char> State { get; set; }
}

/// <summary>What the model writes; a transformer with fewer outputs leaves the others at 0.</summary>
internal sealed class ModelOutput
{
    [ColumnName(LoweredNames.OutputPrefix + "0")]
    public float Output0 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "1")]
    public float Output1 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "2")]
    public float Output2 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "3")]
    public float Output3 { get; set; }
}

/// <summary>Yields the constant key.</summary>
[CustomMappingFactoryAttribute(LoweredNames.KeyContract)]
internal sealed class StateKeyFactory : CustomMappingFactory<NoColumns, StateKey>
{
    public const int Key = 1;

    public static void Map(NoColumns input, StateKey output) => output.Key = Key;

    public override Action<NoColumns, StateKey> GetMapping() => Map;
}

/// <summary>Evaluates the model that the state holds. Static, because ML.NET saves no state of a lambda.</summary>
[CustomMappingFactoryAttribute(LoweredNames.ModelContract)]
internal sealed class ModelFactory : CustomMappingFactory<ModelInput, ModelOutput>
{
    public static void Map(ModelInput input, ModelOutput output)
    {
        float[] outputs = Evaluate(input, LoweredNames.NarrowOutputs);
        (output.Output0, output.Output1, output.Output2, output.Output3) = (outputs[0], outputs[1], outputs[2], outputs[3]);
    }

    public override Action<ModelInput, ModelOutput> GetMapping() => Map;

    /// <summary>The model's outputs, filled up with zeros to as many as the contract has.</summary>
    public static float[] Evaluate(ModelInput input, int contractOutputs)
    {
        LoweredState state = LoweredState.Of(input.State);
        float[] outputs = new float[contractOutputs];
        Evaluate(state, input, outputs.AsMemory(0, state.Binding.Outputs.Count));
        return outputs;
    }

    /// <summary>Evaluates the model at the inputs of a row.</summary>
    public static void Evaluate(LoweredState state, ModelInput input, Memory<float> outputs)
    {
        float[] row = new float[input.Inputs.Length];
        input.Inputs.CopyTo(row);
        state.Model.Evaluate(row, 1, outputs);
    }
}
