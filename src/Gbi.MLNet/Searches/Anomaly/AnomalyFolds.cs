using Gbi.Numerics;
using Gbi.Searches.Background;

namespace Gbi.Searches.Anomaly;

/// <summary>
/// Which classifier learns from an event and which one scores it. Classifier (d, h) learns from the data without fold d and from half h of
/// the template; it scores data of fold d and the other half of the template, whose weights rest on no event that it saw the weight of.
/// </summary>
/// <remarks>
/// A template's weights carry the noise of the generator models that made them. A classifier learns this noise, and finds it again in every
/// event whose weight is of the same models, also out of fold. The halves of the template share no model.
/// </remarks>
internal sealed class AnomalyFolds
{
    /// <summary>Least template events, if there are as many, in which a classifier's cut is counted.</summary>
    private const int LeastCounted = 50_000;

    private readonly int[] _foldOfData;
    private readonly int[] _halfOfData;
    private readonly int[] _halfOfTemplate;
    private readonly int[] _foldOfTemplate;
    private readonly int _folds;

    /// <summary>Divides the events of a search.</summary>
    /// <param name="dataCount">Events in the signal region.</param>
    /// <param name="template">The background.</param>
    /// <param name="folds">K, folds of the data.</param>
    /// <param name="seed">For the division.</param>
    public AnomalyFolds(int dataCount, BackgroundTemplate template, int folds, Seed seed)
    {
        _folds = folds;
        _foldOfData = seed.Child("folds").Folds(dataCount, folds);
        _halfOfData = seed.Child("halves").Folds(dataCount, 2);
        _halfOfTemplate = template.HalfOf;
        _foldOfTemplate = seed.Child("template").Folds(_halfOfTemplate.Length, folds);
    }

    /// <summary>Number of classifiers.</summary>
    public int Count => 2 * _folds;

    /// <summary>Events of the data, which come first in the table of both samples.</summary>
    public int DataCount => _foldOfData.Length;

    /// <summary>Events of both samples.</summary>
    public int EventCount => DataCount + _halfOfTemplate.Length;

    /// <summary>Whether a classifier learns from an event of the table.</summary>
    public bool LearnsFrom(int classifier, int row)
    {
        (int fold, int half) = Math.DivRem(classifier, 2);
        return row < DataCount ? _foldOfData[row] != fold : _halfOfTemplate[row - DataCount] == half;
    }

    /// <summary>Whether early stopping holds an event out of the training: a fold of both samples that the classifier does not
    /// score.</summary>
    public bool StopsAt(int classifier, int row)
    {
        int next = ((classifier / 2) + 1) % _folds;
        return LearnsFrom(classifier, row) && (row < DataCount ? _foldOfData[row] : _foldOfTemplate[row - DataCount]) == next;
    }

    /// <summary>The classifier whose score an event has.</summary>
    public int ScorerOf(int row) => row < DataCount
        ? (2 * _foldOfData[row]) + _halfOfData[row]
        : (2 * _foldOfTemplate[row - DataCount]) + 1 - _halfOfTemplate[row - DataCount];

    /// <summary>Rows of the data that a classifier counts: its fold, which the classifier of the other half counts, too.</summary>
    public int[] DataOf(int classifier) => [.. Enumerable.Range(0, DataCount).Where(row => _foldOfData[row] == classifier / 2)];

    /// <summary>
    /// Rows of the template in which a classifier's cut is counted: those that it scores, and of its unseen half as many more as make the
    /// cut precise.
    /// </summary>
    public int[] TemplateOf(int classifier)
    {
        (int fold, int half) = Math.DivRem(classifier, 2);
        var rows = new List<int>();
        for (int more = 0; more < _folds && rows.Count < LeastCounted; more++)
        {
            int at = (fold + more) % _folds;
            rows.AddRange(Enumerable.Range(DataCount, _halfOfTemplate.Length)
                .Where(row => _halfOfTemplate[row - DataCount] != half && _foldOfTemplate[row - DataCount] == at));
        }

        return [.. rows];
    }
}
