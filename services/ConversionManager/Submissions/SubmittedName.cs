using System.Net;
using System.Text;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Reads what a submitted picture is called: <c>name=</c> in the query. A form's file has a name, too.</summary>
internal static class SubmittedName
{
    /// <summary>The parameter of the query.</summary>
    public const string Parameter = "name";

    /// <returns>Null where the query has none.</returns>
    /// <exception cref="ProblemException">It is no name, or there are two.</exception>
    public static string? Read(HttpRequest request)
    {
        string? name = null;

        // As it was sent: where bytes are no UTF-8, the framework's query has their percent signs for the name.
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span.Equals(Parameter, StringComparison.OrdinalIgnoreCase))
            {
                name = name is null && PictureName.Parse(Decode(pair.EncodedValue)) is { } given
                    ? given
                    : throw ProblemTypes.InvalidParameters.Refuse($"{Parameter}= is the picture's name, once: {PictureName.Rule}.");
            }
        }

        return name;
    }

    /// <summary>Bytes that are no UTF-8 become replacement characters, which no name has.</summary>
    private static string Decode(ReadOnlyMemory<char> encoded)
    {
        var bytes = Encoding.UTF8.GetBytes(encoded.ToString());
        return Encoding.UTF8.GetString(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length) ?? []);
    }
}
