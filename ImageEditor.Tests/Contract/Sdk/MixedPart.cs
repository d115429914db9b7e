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
        return await ReadAsync(type, new MemoryStream(answer.Body)).ToListAsync();
    }

    /// <summary>The parts as they come.</summary>
    public static async IAsyncEnumerable<MixedPart> ReadAsync(MediaTypeHeaderValue type, Stream answer)
    {
        var reader = new MultipartReader(type.Parameters.Single(parameter => parameter.Name == "boundary").Value!, answer);
        while (await reader.ReadNextSectionAsync(TestContext.Current.CancellationToken) is { } section)
        {
            using var body = new MemoryStream();
            await section.Body.CopyToAsync(body, TestContext.Current.CancellationToken);
            var info = section.Headers!.TryGetValue("X-Result-Info", out var value) ? value.ToString() : null;
            yield return new MixedPart(section.ContentType, info, body.ToArray());
        }
    }
}
