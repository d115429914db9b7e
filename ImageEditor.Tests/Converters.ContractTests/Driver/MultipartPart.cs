using System.Net.Http.Headers;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>A part of a <c>multipart/mixed</c> answer.</summary>
internal sealed record MultipartPart(string? MediaType, string? ResultInfo, byte[] Body)
{
    public static async Task<IReadOnlyList<MultipartPart>> AllOfAsync(ConverterResponse answer)
    {
        var type = MediaTypeHeaderValue.Parse(answer.ContentType!);
        Assert.Equal("multipart/mixed", type.MediaType);
        return await ReadAsync(type, new MemoryStream(answer.Body)).ToListAsync();
    }

    /// <summary>The parts as they come.</summary>
    public static async IAsyncEnumerable<MultipartPart> ReadAsync(MediaTypeHeaderValue type, Stream answer)
    {
        var reader = new MultipartReader(type.Parameters.Single(parameter => parameter.Name == "boundary").Value!, answer);
        while (await reader.ReadNextSectionAsync(TestContext.Current.CancellationToken) is { } section)
        {
            using var body = new MemoryStream();
            await section.Body.CopyToAsync(body, TestContext.Current.CancellationToken);
            var info = section.Headers!.TryGetValue("X-Result-Info", out var value) ? value.ToString() : null;
            yield return new MultipartPart(section.ContentType, info, body.ToArray());
        }
    }
}
