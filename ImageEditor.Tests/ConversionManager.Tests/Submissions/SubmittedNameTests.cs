using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageEditor.ConversionManager.Tests.Waiting;

namespace ImageEditor.ConversionManager.Tests.Submissions;

/// <summary>What a picture is called that comes with a name, or as a file of a form; through the endpoint, up to the job manager.</summary>
public sealed class SubmittedNameTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("&name=holiday.jpg", "holiday.jpg")]
    [InlineData("&NAME=holiday.jpg", "holiday.jpg")]
    [InlineData("&name=a+b%20c.jpg", "a b c.jpg")]
    [InlineData("&name=100%2525.jpg", "100%25.jpg")]
    [InlineData("&name=caf%C3%A9.jpg", "caf\u00e9.jpg")]
    [InlineData("&name=cafe%CC%81.jpg", "caf\u00e9.jpg")]
    [InlineData("&name=%F0%9F%91%A9.jpg", "\ud83d\udc69.jpg")]
    public async Task Submit_WithANameInTheQuery_NamesThePicture(string query, string? expected)
    {
        await using var server = await WaitingServer.StartAsync();
        using var picture = Picture();

        var answer = await server.SendAsync(picture, query);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(expected, NameOf(server));
    }

    [Theory]
    [InlineData("&name=")]
    [InlineData("&name=+")]
    [InlineData("&name=..")]
    [InlineData("&name=a%2Fb.jpg")]
    [InlineData("&name=a/b.jpg")]
    [InlineData("&name=a%5Cb.jpg")]
    [InlineData("&name=a%0Ab.jpg")]
    [InlineData("&name=a%00b.jpg")]
    [InlineData("&name=a%E2%80%AEgpj.exe")]
    [InlineData("&name=a%FF.jpg")]
    [InlineData("&name=a%C3.jpg")]
    [InlineData("&name=a%ED%A0%BD.jpg")]
    [InlineData("&name=a.jpg&name=a.jpg")]
    [InlineData("&name=a.jpg&Name=b.jpg")]
    public async Task Submit_WithANameThatIsNone_IsRefusedBeforeAnythingIsStored(string query)
    {
        await using var server = await WaitingServer.StartAsync();
        using var picture = Picture();

        var answer = await server.SendAsync(picture, query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var problem = Encoding.UTF8.GetString(answer.Body);
        Assert.Contains("urn:image-editor:problem:invalid-parameters", problem, StringComparison.Ordinal);
        Assert.Contains("name=", problem, StringComparison.Ordinal);
        Assert.Empty(server.JobManager.Jobs);
    }

    [Fact]
    public async Task Submit_WithANameOf256Bytes_IsRefused()
    {
        await using var server = await WaitingServer.StartAsync();
        using var picture = Picture();

        var answer = await server.SendAsync(picture, "&name=" + new string('a', 256));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(server.JobManager.Jobs);
    }

    [Theory]
    [InlineData("filename=holiday.jpg", "holiday.jpg")]
    [InlineData("filename=\"holiday at sea.jpg\"", "holiday at sea.jpg")]
    [InlineData("filename=\"C:\\pictures\\holiday.jpg\"", "holiday.jpg")]
    [InlineData("filename=\"../../holiday.jpg\"", "holiday.jpg")]
    [InlineData("filename=\"caf\u00e9.jpg\"", "caf\u00e9.jpg")]
    [InlineData("filename=\"cafe\u0301.jpg\"", "caf\u00e9.jpg")]
    [InlineData("filename=\"reversed\u202egpj.exe\"", "reversedgpj.exe")]
    [InlineData("filename=\"other.jpg\"; filename*=UTF-8''caf%C3%A9.jpg", "caf\u00e9.jpg")]
    [InlineData("filename=\"\"", null)]
    [InlineData("filename=\"..\"", null)]
    [InlineData("", null)]
    public async Task Submit_OfAForm_TakesTheNameOfItsFile(string parameter, string? expected)
    {
        await using var server = await WaitingServer.StartAsync();
        using var form = Form(parameter);

        var answer = await server.SendAsync(form);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(expected, NameOf(server));
    }

    [Fact]
    public async Task Submit_OfAFormWithALongName_CutsIt()
    {
        await using var server = await WaitingServer.StartAsync();
        using var form = Form($"filename=\"{new string('\u00e9', 200)}.jpg\"");

        await server.SendAsync(form);

        Assert.Equal(new string('\u00e9', 127), NameOf(server));
    }

    [Fact]
    public async Task Submit_OfAFormWithANameInTheQuery_TakesThat()
    {
        await using var server = await WaitingServer.StartAsync();
        using var form = Form("filename=\"image.jpg\"");

        await server.SendAsync(form, "&name=holiday.jpg");

        Assert.Equal("holiday.jpg", NameOf(server));
    }

    [Fact]
    public async Task Submit_TwiceWithAKeyAndAnotherName_IsTheSameJob()
    {
        await using var server = await WaitingServer.StartAsync();
        foreach (var name in new[] { "one.jpg", "another.jpg" })
        {
            using var picture = Picture();
            Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync(picture, "&name=" + name, "key")).Status);
        }

        Assert.Single(server.JobManager.Jobs);
    }

    private static ByteArrayContent Picture() => new(Pictures.Png(8, 8));

    /// <summary>A form as clients write it, byte by byte: their names of files are UTF-8, in quotes.</summary>
    private static ByteArrayContent Form(string parameter)
    {
        var disposition = "form-data; name=\"image\"" + (parameter.Length > 0 ? "; " + parameter : "");
        var form = new ByteArrayContent(
        [
            .. Encoding.UTF8.GetBytes($"--border\r\nContent-Disposition: {disposition}\r\nContent-Type: image/png\r\n\r\n"),
            .. Pictures.Png(8, 8),
            .. "\r\n--border--\r\n"u8,
        ]);
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=border");
        return form;
    }

    private static string? NameOf(WaitingServer server) =>
        Assert.Single(server.JobManager.Names) is { } name ? Uri.UnescapeDataString(name) : null;
}
