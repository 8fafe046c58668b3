using Gbi.Pipeline.Views;
using Gbi.Trees.Model;

namespace Gbi.Pipeline.Estimators;

/// <summary>Trees over rows as a transformer reads them.</summary>
internal static class TreeRows
{
    /// <summary>Evaluates rows [count × features]; fills outputs [count × outputs].</summary>
    public static void Evaluate(TreeEnsemble trees, ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
    {
        if (count == 1)
        {
            trees.Predict(rows.Span, outputs.Span);
            return;
        }

        trees.Predict(ViewTable.OfRows(rows, count, trees.Features.Count, trees.Features)).CopyTo(outputs);
    }
}
