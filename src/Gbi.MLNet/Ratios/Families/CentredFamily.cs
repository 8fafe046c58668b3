using Gbi.Events;
using Gbi.Trees.Model;

namespace Gbi.Ratios.Families;

/// <summary>The models of a family around one centre, in which all cuts in the centre are made: fewer than in the family, with the same
/// coefficients.</summary>
internal sealed class CentredFamily
{
    private readonly FamilyFeatures _columns;
    private readonly double[] _centre;
    private readonly TreeEnsemble[][] _folds;

    /// <param name="columns">What the trees see.</param>
    /// <param name="folds">Members of each fold.</param>
    /// <param name="centre">The centre, in θ.</param>
    public CentredFamily(FamilyFeatures columns, TreeEnsemble[][] folds, double[] centre)
    {
        (_columns, _centre) = (columns, centre);
        Dictionary<string, float> known = columns.Known(centre);
        _folds = Array.ConvertAll(folds, members => Array.ConvertAll(members, model => model.Given(known)));
    }

    private CentredFamily(CentredFamily family, Converter<TreeEnsemble, TreeEnsemble> change) =>
        (_columns, _centre, _folds) = (
            family._columns, family._centre, Array.ConvertAll(family._folds, members => Array.ConvertAll(members, change)));

    /// <summary>Numbers of an event.</summary>
    public int Width => _folds[0][0].OutputCount;

    /// <summary>Δ₀ alone, for the centre itself.</summary>
    public CentredFamily Constants => new(this, model => model.FirstOutput());

    /// <summary>The first trees of each model: flatter, but quick.</summary>
    public CentredFamily First(int trees) =>
        new(this, model => new TreeEnsemble(model.Features, model.BaseValues, [.. model.Trees.Take(trees)]));

    /// <summary>The coefficients, the mean over all models; shape [events × <see cref="Width"/>].</summary>
    public float[] Coefficients(EventTable events) => MeanOf([.. _folds.SelectMany(members => members)], _columns.Table(events, _centre));

    /// <summary>The same, each event by the members of its own fold.</summary>
    public float[] Coefficients(EventTable events, int[] foldOf)
    {
        float[] coefficients = new float[events.Count * Width];
        EventTable columns = _columns.Table(events, _centre).WithWeights(null);
        for (int fold = 0; fold < _folds.Length; fold++)
        {
            int[] rows = RowsOf(foldOf, fold);
            float[] ofFold = MeanOf(_folds[fold], columns.Select(rows));
            for (int i = 0; i < rows.Length; i++)
            {
                ofFold.AsSpan(i * Width, Width).CopyTo(coefficients.AsSpan(rows[i] * Width));
            }
        }

        return coefficients;
    }

    /// <summary>The coefficients by the members of one fold.</summary>
    public float[] OfFold(int fold, EventTable events) => MeanOf(_folds[fold], _columns.Table(events, _centre));

    private static int[] RowsOf(int[] foldOf, int fold)
    {
        List<int> rows = new(foldOf.Length);
        for (int row = 0; row < foldOf.Length; row++)
        {
            if (foldOf[row] == fold)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private static float[] MeanOf(TreeEnsemble[] models, EventTable columns)
    {
        float[] mean = models[0].Predict(columns);
        for (int model = 1; model < models.Length; model++)
        {
            float[] next = models[model].Predict(columns);
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += (next[i] - mean[i]) / (model + 1);
            }
        }

        return mean;
    }
}
