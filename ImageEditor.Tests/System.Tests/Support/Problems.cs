using System.Net;
using System.Text.Json;

namespace ImageEditor.SystemTests.Support;

/// <summary>Checks that an answer is a problem as the API promises it.</summary>
internal static class Problems
{
    public static void AssertProblem(Answer answer, HttpStatusCode status, string type)
    {
        var text = System.Text.Encoding.UTF8.GetString(answer.Body);
        Assert.True(answer.Status == status, $"Expected {(int)status}, got {(int)answer.Status}: {text}");
        Assert.Equal("application/problem+json", answer.ContentType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal("urn:image-editor:problem:" + type, problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));

        // A sentence, not a code: it has words and an end.
        var detail = problem.GetProperty("detail").GetString();
        Assert.NotNull(detail);
        Assert.Contains(' ', detail);
        Assert.EndsWith(".", detail, StringComparison.Ordinal);
        if (status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
        {
            Assert.True(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        }
    }
}
