using System.Text.RegularExpressions;

namespace Gbi.Onnx.Sessions;

/// <summary>
/// Messages of ONNX Runtime in words of its users: it reports with names of its own functions, files and conditions, of which a reader of
/// ours needs the node, the operator and the sizes.
/// </summary>
internal static partial class RuntimeMessage
{
    private const int Longest = 200;

    private static readonly (Regex Pattern, string Words)[] Known =
    [
        (NoModel(), "its bytes are no ONNX model, or not all of one"),
        (Format(), "its file format is ${found}, this ONNX Runtime reads formats up to ${known}"),
        (FutureOpset(), "its operators are of opset ${opset}, which this ONNX Runtime does not know"),
        (UnknownOperator(), "it has the operator ${operator}, which this ONNX Runtime does not have"),
        (NoImplementation(), "this ONNX Runtime has no ${operator} of opset ${opset} for the type of numbers that the network gives it"),
        (Reshaping(), "its node '${node}' (${operator}) cannot make numbers of shape {${from}} into {${to}}"),
        (Types(), "its node '${node}' (${operator}) takes ${type}, which that operator does not"),
        (Inference(), "sizes of what its node '${node}' (${operator}) takes do not fit"),
        (Node(), "its node '${node}' (${operator}) is not as that operator has to be"),
        (Dimensions(), "its input '${input}' takes other sizes"),
        (Terminated(), "it was stopped"),
    ];

    /// <summary>The message as a part of a sentence.</summary>
    public static string Of(Exception cause)
    {
        string text = cause.Message.ReplaceLineEndings(" ").Trim();
        if (Running().Match(text) is { Success: true } run && !Reshaping().IsMatch(text))
        {
            string detail = Plain(run.Groups["detail"].Value);
            return Named(run.Result("its node '${node}' (${operator}) fails") + (detail.Length > 0 ? $": {detail}" : ""));
        }

        foreach ((Regex pattern, string words) in Known)
        {
            if (pattern.Match(text) is { Success: true } match)
            {
                return Named(match.Result(words));
            }
        }

        string plain = Plain(text);
        return plain.Length > 0
            ? Readable(plain)
            : $"it reports {(Codes().Match(text) is { Success: true } code ? code.Groups["code"].Value : "an error")}";
    }

    private static string Named(string text) => Readable(text.Replace("node '' (", "node (", StringComparison.Ordinal));

    /// <summary>What is left of a message without codes, files, functions and conditions; "" where that is still no sentence.</summary>
    private static string Plain(string text)
    {
        string left = Functions().Replace(Codes().Replace(text, ""), "");
        left = Spaces().Replace(Conditions().Replace(Sources().Replace(left, ""), ""), " ").Trim(' ', '.', ':', ';');
        return left.Contains("::", StringComparison.Ordinal) || left.Contains("==", StringComparison.Ordinal)
            || left.Contains("&&", StringComparison.Ordinal) ? "" : left;
    }

    private static string Readable(string text)
    {
        string plain = new([.. text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)]);
        return plain.Length > Longest ? $"{plain[..Longest]}..." : plain;
    }

    [GeneratedRegex("protobuf parsing failed|ModelProto does not have a graph")]
    private static partial Regex NoModel();

    [GeneratedRegex(@"Unsupported model IR version: (?<found>\d+), max supported IR version: (?<known>\d+)")]
    private static partial Regex Format();

    [GeneratedRegex(@"Opset (?<opset>\d+) is under development")]
    private static partial Regex FutureOpset();

    [GeneratedRegex(@"(?<operator>[\w.:]+)\(-?\d+\) is not a registered function/op|No Op registered for (?<operator>\w+)")]
    private static partial Regex UnknownOperator();

    [GeneratedRegex(@"Could not find an implementation for (?<operator>\w+)\((?<opset>\d+)\)")]
    private static partial Regex NoImplementation();

    [GeneratedRegex(
        @"while running (?<operator>\w+) node\. Name:'(?<node>[^']*)'.*Input shape:\{(?<from>[^}]*)\}, requested shape:\{(?<to>[^}]*)\}")]
    private static partial Regex Reshaping();

    [GeneratedRegex(@"while running (?<operator>\w+) node\. Name:'(?<node>[^']*)'(?: Status Message: )?(?<detail>.*)$")]
    private static partial Regex Running();

    [GeneratedRegex(
        @"Type '(?<type>[^']*)' of input parameter \([^)]*\) of operator \((?<operator>\w+)\) in node \((?<node>[^)]*)\) is invalid")]
    private static partial Regex Types();

    [GeneratedRegex(@"Node ?\((?<node>[^)]*)\) Op ?\((?<operator>\w+)\) \[(?:Shape|Type)InferenceError\]")]
    private static partial Regex Inference();

    [GeneratedRegex(@"In Node, \(""(?<node>[^""]*)"", (?<operator>\w+),")]
    private static partial Regex Node();

    [GeneratedRegex(@"Got invalid dimensions for input: (?<input>\S+) |Invalid rank for input: (?<input>\S+) ")]
    private static partial Regex Dimensions();

    [GeneratedRegex("terminate flag")]
    private static partial Regex Terminated();

    [GeneratedRegex(@"\[ErrorCode:(?<code>\w+)\] *")]
    private static partial Regex Codes();

    [GeneratedRegex(@"(?:[\w~<>*&]+ )*[\w~<>]+::[^()]*\([^()]*\)(?: (?:const|mutable|noexcept))*(?: \[with [^]]*\])?")]
    private static partial Regex Functions();

    [GeneratedRegex(@"\S+\.(?:cc|cpp|cu|h|hpp|cuh|inc)(?::\d+)?(?: \w+)?")]
    private static partial Regex Sources();

    // A condition of the runtime's own code, which the sentence behind it explains.
    [GeneratedRegex(@"\S[^.]* was false\.?")]
    private static partial Regex Conditions();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
