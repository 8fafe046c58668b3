using Gbi.Pipeline.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Persistence;

/// <summary>Finds lowered chains in a loaded model and puts our own transformers in their place.</summary>
internal static class Restoration
{
    /// <summary>The same model with our transformers restored; the very object where there is none.</summary>
    public static ITransformer Restore(MLContext mlContext, ITransformer model)
    {
        if (LoweredChain.TryReadState(model, out LoweredState? state))
        {
            return state.Kind.Create(mlContext, state.Binding, state.Model);
        }

        // ML.NET loads every chain as TransformerChain<ITransformer>, and a chain within a chain stays one.
        if (model is not TransformerChain<ITransformer> chain)
        {
            return model;
        }

        ITransformer[] members = [.. chain];
        ITransformer[] restored = [.. members.Select(member => Restore(mlContext, member))];
        if (members.SequenceEqual(restored))
        {
            return model;
        }

        return restored is [var classifier, ProbabilityRatioTransformer ratio]
            ? new LikelihoodRatioTransformer(classifier, ratio)
            : new TransformerChain<ITransformer>(restored, ScopesOf(chain, members));
    }

    /// <summary>Scopes are not public, but a chain's members in each scope are.</summary>
    private static IEnumerable<TransformerScope> ScopesOf(TransformerChain<ITransformer> chain, ITransformer[] members)
    {
        TransformerScope[] single = [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];
        var within = single.ToDictionary(scope => scope, scope => chain.GetModelFor(scope).ToHashSet());
        return members.Select(member => single
            .Where(scope => within[scope].Contains(member))
            .Aggregate(TransformerScope.None, (all, scope) => all | scope));
    }
}
