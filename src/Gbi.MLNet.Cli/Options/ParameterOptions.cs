using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Options;

/// <summary>What the command line says of parameters: which one is of interest, which are fixed, where fits start and end.</summary>
internal sealed class ParameterOptions
{
    private const string NoParameter = "none";

    private readonly Option<string> _poi = OptionOf.Text(
        "--poi", "NAME", $"Parameter of interest; '{NoParameter}' for a fit without one, such as of a workspace without its signal.",
        defaultsTo: "that of the file");

    private readonly Option<string[]> _fix = Repeated(
        "--fix", "NAME[=V]", "Fix a parameter, at V or where its fits start. A name without [i] means all of a set.");

    private readonly Option<string[]> _free = Repeated("--free", "NAME", "Let a parameter that the file fixes be fitted.");

    private readonly Option<string[]> _start = Repeated("--start", "NAME=V", "Start fits of a parameter at V.");

    private readonly Option<string[]> _bounds = Repeated(
        "--bounds", "NAME=LO:HI", "Bounds of a parameter, which limits keep too; LO or HI may be left out.");

    public void AddTo(Command verb) => verb.AddAll(_poi, _fix, _free, _start, _bounds);

    /// <summary>The name of the parameter of interest; empty for none, null for that of the file.</summary>
    public string? ParameterOfInterest(ParseResult parsed) => parsed.GetValue(_poi) is { } name ? name == NoParameter ? "" : name : null;

    /// <summary>The model as the command line changes it; the same where it says nothing.</summary>
    /// <exception cref="UsageException">A parameter is unknown, or a value is none.</exception>
    public LikelihoodModel Apply(ParseResult parsed, LikelihoodModel model)
    {
        FitParameter[] parameters = [.. model.Parameters];
        bool isChanged = false;
        var changes = new HashSet<(Option, int)>();
        var fixedAt = new HashSet<int>();
        Change(_fix, (parameter, value) => parameter with
        {
            IsFixed = true,
            Initial = value is null ? parameter.Initial : Number(_fix, value)
        });
        Change(_free, (parameter, value) => value is null ? parameter with { IsFixed = false } : throw Refused(_free, value, "a name"));
        Change(_start, (parameter, value) => parameter with { Initial = Number(_start, value) });
        Change(_bounds, Bounded);
        RequireWithinBounds(parameters, changes);
        string? interest = ParameterOfInterest(parsed);
        string? current = model.ParameterOfInterest is { } at ? model.Parameters[at].Name : null;
        string? wanted = interest switch
        {
            null => current,
            "" => null,
            _ => parameters[IndicesOf(_poi, interest, parameters) is [int only]
                ? only
                : throw new UsageException($"--poi is '{interest}', a set of several parameters; name one, such as {interest}[0].")].Name,
        };
        return isChanged || wanted != current ? new LikelihoodModel(parameters, model.Channels, wanted) : model;

        void Change(Option<string[]> option, Func<FitParameter, string?, FitParameter> change)
        {
            foreach (string typed in parsed.GetValue(option) ?? [])
            {
                string[] parts = PartsOf(typed, parameters);
                foreach (int i in IndicesOf(option, parts[0], parameters))
                {
                    RequireFirst(option, i, parts.Length > 1);
                    parameters[i] = change(parameters[i], parts.Length > 1 ? parts[1] : null);
                    isChanged = true;
                }
            }
        }

        // Which of two words counts would hang on an order that nobody sees.
        void RequireFirst(Option option, int parameter, bool hasValue)
        {
            string name = parameters[parameter].Name;
            if (!changes.Add((option, parameter)))
            {
                throw new UsageException($"{option.Name} names '{name}' twice; name each parameter once.");
            }

            if (option == _fix && hasValue)
            {
                fixedAt.Add(parameter);
            }

            if (option == _free ? changes.Contains((_fix, parameter)) : option == _start && fixedAt.Contains(parameter))
            {
                throw new UsageException(
                    $"{_fix.Name} and {option.Name} both name '{name}' and contradict each other; leave one of them out.");
            }
        }
    }

    /// <summary>Requires values that were typed to lie within bounds, of which fits would take the nearest without a word.</summary>
    private void RequireWithinBounds(FitParameter[] parameters, HashSet<(Option Option, int Parameter)> changes)
    {
        foreach ((Option option, int i) in changes.Where(change =>
            change.Option == _start || (change.Option == _fix && changes.Contains((_bounds, change.Parameter)))))
        {
            FitParameter parameter = parameters[i];
            if (!(parameter.Initial >= parameter.Lower && parameter.Initial <= parameter.Upper))
            {
                throw new UsageException(Text(
                    $"{option.Name} gives '{parameter.Name}' the value {parameter.Initial:G6}, expected one within its bounds, ")
                        + Text($"{parameter.Lower:G6} to {parameter.Upper:G6}; change it, or the bounds (--bounds)."));
            }
        }
    }

    private FitParameter Bounded(FitParameter parameter, string? value)
    {
        if (value?.Split(':') is not [var low, var high] || End(low, double.NegativeInfinity) is not { } lower
            || End(high, double.PositiveInfinity) is not { } upper || !(lower <= upper))
        {
            throw Refused(_bounds, value, "NAME=LO:HI with LO not above HI, such as mu=0:20 or mu=0:");
        }

        return parameter with { Lower = lower, Upper = upper, UpperOfLimits = upper };

        static double? End(string word, double none) => word.Length == 0 ? none : OptionOf.ToReal(word);
    }

    private static double Number(Option option, string? value) =>
        OptionOf.ToReal(value ?? "") ?? throw Refused(option, value, "NAME=V with a number V");

    private static UsageException Refused(Option option, string? value, string expected) =>
        new($"{option.Name} has the value '{value}', expected {expected}.");

    /// <summary>The parameter of a name, or those of a set of bins.</summary>
    private static int[] IndicesOf(Option option, string name, FitParameter[] parameters)
    {
        int[] found = [.. Enumerable.Range(0, parameters.Length).Where(i => parameters[i].Name == name)];
        found = found.Length > 0
            ? found
            : [.. Enumerable.Range(0, parameters.Length).Where(i => SetOf(parameters[i].Name) == name)];
        return found.Length > 0 ? found : throw new DataException(
            $"{option.Name} names '{name}', which is no parameter of the model; names, the most similar first: "
                + $"{NearestNames.List(name, [.. parameters.Select(parameter => parameter.Name)])}.");
    }

    /// <summary>The name and, where there is one, the value: names may hold '=' too.</summary>
    private static string[] PartsOf(string typed, FitParameter[] parameters) =>
        typed.LastIndexOf('=') is >= 0 and var at && parameters.All(parameter => parameter.Name != typed)
            ? [typed[..at], typed[(at + 1)..]]
            : [typed];

    private static string? SetOf(string name) => name.EndsWith(']') && name.LastIndexOf('[') is > 0 and var at ? name[..at] : null;

    private static Option<string[]> Repeated(string name, string helpName, string description) =>
        OptionOf.Repeated(name, helpName, $"{description} May be repeated.");
}
