using Gbi.Pipeline.Appending;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Gbi.Pipeline.Persistence;

/// <summary>
/// What a model of vectors writes: all numbers of a row, as the first slots of a vector whose size is fixed when it is compiled. The vector
/// is sparse, so that slots beyond them cost nothing.
/// </summary>
internal sealed class VectorModelOutput
{
    [ColumnName(LoweredNames.Vector)]
    [VectorType(LoweredNames.MaxNumbers)]
    public VBuffer<float> Numbers { get; set; }

    /// <summary>The numbers of a row, from a slot on.</summary>
    public static VectorModelOutput Of(float[] numbers, int start = 0) => new()
    {
        Numbers = new VBuffer<float>(
            LoweredNames.MaxNumbers, numbers.Length, numbers, [.. Enumerable.Range(start, numbers.Length)]),
    };
}

/// <summary>Evaluates a model of vectors, whose columns are cut out of the one vector by <see cref="Slots"/>.</summary>
[CustomMappingFactoryAttribute(LoweredNames.VectorModelContract)]
internal sealed class VectorModelFactory : CustomMappingFactory<ModelInput, VectorModelOutput>
{
    public static void Map(ModelInput input, VectorModelOutput output)
    {
        LoweredState state = LoweredState.Of(input.State);
        float[] numbers = new float[new OutputLayout(state.Binding.Outputs, state.Model).Width];
        ModelFactory.Evaluate(state, input, numbers);
        output.Numbers = VectorModelOutput.Of(numbers).Numbers;
    }

    public override Action<ModelInput, VectorModelOutput> GetMapping() => Map;

    /// <summary>
    /// A transformer of ML.NET's own that gives some slots of the vector a name of the user's. ML.NET drops slots in a selection of
    /// features alone, so that is fitted to a row in which these slots have a value and no other has.
    /// </summary>
    public static ITransformer Slots(MLContext mlContext, string name, (int Start, int Length) range)
    {
        float[] ones = new float[range.Length];
        Array.Fill(ones, 1);
        IDataView row = mlContext.Data.LoadFromEnumerable([VectorModelOutput.Of(ones, range.Start)]);
        return mlContext.Transforms.FeatureSelection.SelectFeaturesBasedOnCount(name, LoweredNames.Vector, count: 1).Fit(row);
    }

    /// <summary>Refuses more numbers than the vector has slots.</summary>
    /// <exception cref="NotSupportedException">There are more; the message holds both numbers.</exception>
    public static void RequireFewNumbers(long numbers)
    {
        if (numbers > LoweredNames.MaxNumbers)
        {
            throw new NotSupportedException(
                $"A transformer that appends {numbers} numbers to a row cannot be saved; the most is {LoweredNames.MaxNumbers}: append "
                    + "fewer draws.");
        }
    }
}
