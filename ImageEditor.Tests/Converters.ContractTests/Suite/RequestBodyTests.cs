using System.Net;
using System.Net.Http.Headers;
using ImageEditor.Converters.ContractTests.Driver;

namespace ImageEditor.Converters.ContractTests.Suite;

public sealed class RequestBodyTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_AnyContentType_ContentDecides(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var type in (string[])["image/jpeg", "application/json", "text/plain", "application/x-www-form-urlencoded"])
        {
            var body = new ByteArrayContent(ConverterUnderTest.Named(name).SmallPicture)
            {
                Headers = { ContentType = new MediaTypeHeaderValue(type) },
            };

            var answer = await client.ConvertAsync(body);

            Assert.Equal((HttpStatusCode.OK, ConverterUnderTest.Named(name).ResultType ?? "image/png"), (answer.Status, answer.MediaType));
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_Form_GivesTheSameResultAsRaw(string name)
    {
        var client = await converters.ClientAsync(name);
        var picture = ConverterUnderTest.Named(name).SmallPicture;
        using var form = new MultipartFormDataContent { { new ByteArrayContent(picture), "image", "picture.jpg" } };

        var answer = await client.ConvertAsync(form);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(await client.ConvertedAsync(picture), answer.Body);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_WrongForm_Is400(string name)
    {
        var client = await converters.ClientAsync(name);
        var (image, type) = (ConverterUnderTest.Named(name).SmallPicture, new MediaTypeHeaderValue("multipart/form-data"));

        (await client.ConvertAsync(new MultipartFormDataContent { { new ByteArrayContent(image), "picture" } }))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        var twice = new MultipartFormDataContent { { new ByteArrayContent(image), "image" }, { new ByteArrayContent(image), "image" } };
        (await client.ConvertAsync(twice))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        (await client.ConvertAsync(new MultipartFormDataContent())).MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        (await client.ConvertAsync(new ByteArrayContent(image) { Headers = { ContentType = type } }))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        type.Parameters.Add(new NameValueHeaderValue("boundary", "elsewhere"));
        (await client.ConvertAsync(new ByteArrayContent(image) { Headers = { ContentType = type } }))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_MoreThan64Megabytes_Is413(string name)
    {
        var client = await converters.ClientAsync(name);

        var answer = await client.ConvertAsync(new byte[(64 << 20) + 1]);

        answer.MustBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }
}
