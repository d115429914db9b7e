using System.Net.Http.Headers;
using ImageEditor.Tests.Contract.Converters;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageEditor.Tests.Contract.Sdk;

/// <summary>A part of a <c>multipart/mixed</c> answer.</summary>
internal sealed record MixedPart(string? MediaType, string? ResultInfo, byte[] Body)
{
    public static async Task<IReadOnlyList<MixedPart>> AllOfAsync(Answer answer)
    {
        var type = MediaTypeHeaderValue.Parse(answer.ContentType!);
        Assert.Equal("multipart/mixed", type.MediaType);
        var reader = new MultipartReader(type.Parameters.Single(parameter => parameter.Name == "boundary").Value!, new MemoryStream(answer.Body));
        var parts = new List<MixedPart>();
        while (await reader.ReadNextSectionAsync(TestContext.Current.CancellationToken) is { } section)
        {
            using var body = new MemoryStream();
            await section.Body.CopyToAsync(body, TestContext.Current.CancellationToken);
            var info = section.Headers!.TryGetValue("X-Result-Info", out var value) ? value.ToString() : null;
            parts.Add(new MixedPart(section.ContentType, info, body.ToArray()));
        }

        return parts;
    }
}
