using System.Text.Json;
using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Documents;

/// <summary>The name of an interpolation law in a document: "polynomialExponential".</summary>
internal static class LawDocument
{
    /// <param name="place">What has the law as its member "law".</param>
    /// <param name="usual">The law where it is left out.</param>
    public static InterpolationLaw Read(DocumentPlace place, InterpolationLaw usual)
    {
        if (place.Optional("law") is not { } law)
        {
            return usual;
        }

        InterpolationLaw[] laws = Enum.GetValues<InterpolationLaw>();
        int at = Array.FindIndex(laws, candidate => Write(candidate) == law.Text());
        return at >= 0 ? laws[at] : throw law.Error($"is '{law.Text()}', expected one of {string.Join(", ", laws.Select(Write))}");
    }

    public static string Write(InterpolationLaw law) => JsonNamingPolicy.CamelCase.ConvertName(law.ToString());
}
