using System.Diagnostics.CodeAnalysis;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Gbi.Pipeline.Persistence;

/// <summary>
/// A transformer of ours as a chain of ML.NET's own, which ML.NET can save and load: constant key → state as text → inputs joined
/// into one vector → the model's contract → outputs under the user's names → working columns dropped.
/// </summary>
internal static class LoweredChain
{
    public static ITransformer Build(MLContext mlContext, ColumnBinding binding, IRowModel model, string state)
    {
        TransformsCatalog transforms = mlContext.Transforms;
        KeyValuePair<int, string>[] lookup = [new(StateKeyFactory.Key, state)];
        EstimatorChain<ITransformer> chain = new EstimatorChain<ITransformer>()
            .Append<ITransformer>(transforms.CustomMapping<NoColumns, StateKey>(StateKeyFactory.Map, LoweredNames.KeyContract))
            .Append<ITransformer>(transforms.Conversion.MapValue(LoweredNames.State, lookup, LoweredNames.Key))
            .Append<ITransformer>(transforms.Concatenate(LoweredNames.Inputs, [.. binding.Inputs.Select(input => input.Name)]));
        var layout = new OutputLayout(binding.Outputs, model);
        return layout.AreVectors
            ? WithVectors(mlContext, chain, binding, layout)
            : WithNumbers(transforms, chain, binding, model.Roles);
    }

    private static TransformerChain<ITransformer> WithVectors(
        MLContext mlContext, EstimatorChain<ITransformer> chain, ColumnBinding binding, OutputLayout layout)
    {
        VectorModelFactory.RequireFewNumbers(layout.Width);
        var empty = new EmptyView(binding.InputSchema());
        ITransformer[] members =
        [
            .. chain.Append(mlContext.Transforms.CustomMapping<ModelInput, VectorModelOutput>(
                VectorModelFactory.Map, LoweredNames.VectorModelContract)).Fit(empty),
            .. binding.Outputs.Select((name, output) => VectorModelFactory.Slots(mlContext, name, layout.Range(output))),
        ];
        IDataView appended = new TransformerChain<ITransformer>(members).Transform(empty);
        ITransformer drop = mlContext.Transforms
            .DropColumns(LoweredNames.Key, LoweredNames.State, LoweredNames.Inputs, LoweredNames.Vector).Fit(appended);
        return new TransformerChain<ITransformer>([.. members, drop]);
    }

    private static TransformerChain<ColumnSelectingTransformer> WithNumbers(
        TransformsCatalog transforms, EstimatorChain<ITransformer> inputs, ColumnBinding binding, IReadOnlyList<ColumnRole> roles)
    {
        RequireFewOutputs(binding.Outputs.Count);
        EstimatorChain<ITransformer> chain = inputs.Append(ModelMapping(transforms, binding.Outputs.Count));
        for (int output = 0; output < binding.Outputs.Count; output++)
        {
            chain = chain.Append(output < roles.Count && roles[output] == ColumnRole.PredictedLabel
                ? (IEstimator<ITransformer>)transforms.Conversion.ConvertType(
                    binding.Outputs[output], LoweredNames.OutputPrefix + output, DataKind.Boolean)
                : transforms.CopyColumns(binding.Outputs[output], LoweredNames.OutputPrefix + output));
        }

        IEnumerable<string> contractOutputs =
            Enumerable.Range(0, LoweredNames.ContractOutputs(binding.Outputs.Count)).Select(output => LoweredNames.OutputPrefix + output);
        return chain
            .Append(transforms.DropColumns([LoweredNames.Key, LoweredNames.State, LoweredNames.Inputs, .. contractOutputs]))
            .Fit(new EmptyView(binding.InputSchema()));
    }

    /// <summary>Refuses more outputs than a saved transformer can have.</summary>
    /// <exception cref="NotSupportedException">There are more; the message holds both numbers.</exception>
    public static void RequireFewOutputs(int outputs)
    {
        if (outputs > LoweredNames.MaxOutputs)
        {
            throw new NotSupportedException(
                $"A transformer with {outputs} outputs cannot be saved; the most is {LoweredNames.MaxOutputs}: leave some out, or split "
                    + $"them over two transformers.");
        }
    }

    private static IEstimator<ITransformer> ModelMapping(TransformsCatalog transforms, int outputs) =>
        LoweredNames.ContractOutputs(outputs) == LoweredNames.NarrowOutputs
            ? transforms.CustomMapping<ModelInput, ModelOutput>(ModelFactory.Map, LoweredNames.ModelContract)
            : transforms.CustomMapping<ModelInput, WideModelOutput>(WideModelFactory.Map, LoweredNames.WideModelContract);

    /// <summary>The state of a chain that <see cref="Build"/> made and ML.NET loaded; false for any other transformer.</summary>
    /// <remarks>
    /// Contract names are not public in ML.NET, but the types of a loaded mapping are, and so is what it computes: the chain's
    /// first two members give the state whatever the row.
    /// </remarks>
    public static bool TryReadState(ITransformer transformer, [NotNullWhen(true)] out LoweredState? state)
    {
        state = null;
        if (transformer is not TransformerChain<ITransformer> chain
            || chain.Take(2).ToArray() is not [CustomMappingTransformer<NoColumns, StateKey> key, var lookup])
        {
            return false;
        }

        var schema = new DataViewSchema.Builder();
        schema.AddColumn("__gbi_any", NumberDataViewType.Single);
        IDataView row = lookup.Transform(key.Transform(new EmptyView(schema.ToSchema(), rowCount: 1)));
        state = LoweredState.Of(row.GetColumn<ReadOnlyMemory<char>>(LoweredNames.State).Single());
        return true;
    }
}
