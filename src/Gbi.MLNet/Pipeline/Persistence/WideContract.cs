using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Gbi.Pipeline.Persistence;

/// <summary>What a model with many outputs writes; those that it does not have stay 0.</summary>
internal sealed class WideModelOutput
{
    [ColumnName(LoweredNames.OutputPrefix + "0")]
    public float Output0 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "1")]
    public float Output1 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "2")]
    public float Output2 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "3")]
    public float Output3 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "4")]
    public float Output4 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "5")]
    public float Output5 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "6")]
    public float Output6 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "7")]
    public float Output7 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "8")]
    public float Output8 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "9")]
    public float Output9 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "10")]
    public float Output10 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "11")]
    public float Output11 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "12")]
    public float Output12 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "13")]
    public float Output13 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "14")]
    public float Output14 { get; set; }

    [ColumnName(LoweredNames.OutputPrefix + "15")]
    public float Output15 { get; set; }
}

/// <summary>
/// Evaluates a model with many outputs. A contract of its own: models saved with the narrow one drop its four columns and no more.
/// </summary>
[CustomMappingFactoryAttribute(LoweredNames.WideModelContract)]
internal sealed class WideModelFactory : CustomMappingFactory<ModelInput, WideModelOutput>
{
    public static void Map(ModelInput input, WideModelOutput output)
    {
        float[] outputs = ModelFactory.Evaluate(input, LoweredNames.MaxOutputs);
        output.Output0 = outputs[0];
        output.Output1 = outputs[1];
        output.Output2 = outputs[2];
        output.Output3 = outputs[3];
        output.Output4 = outputs[4];
        output.Output5 = outputs[5];
        output.Output6 = outputs[6];
        output.Output7 = outputs[7];
        output.Output8 = outputs[8];
        output.Output9 = outputs[9];
        output.Output10 = outputs[10];
        output.Output11 = outputs[11];
        output.Output12 = outputs[12];
        output.Output13 = outputs[13];
        output.Output14 = outputs[14];
        output.Output15 = outputs[15];
    }

    public override Action<ModelInput, WideModelOutput> GetMapping() => Map;
}
