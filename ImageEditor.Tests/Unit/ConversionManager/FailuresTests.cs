using System.Net;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.Tests.Unit.ConversionManager;

public sealed class FailuresTests
{
    [Theory]
    [InlineData(400, FailureKind.Final)]
    [InlineData(413, FailureKind.Final)]
    [InlineData(415, FailureKind.Final)]
    [InlineData(422, FailureKind.Final)]
    [InlineData(408, FailureKind.Unavailable)]
    [InlineData(429, FailureKind.Unavailable)]
    [InlineData(503, FailureKind.Unavailable)]
    [InlineData(500, FailureKind.Error)]
    [InlineData(502, FailureKind.Error)]
    [InlineData(504, FailureKind.Final)]
    [InlineData(404, FailureKind.Error)]
    [InlineData(302, FailureKind.Error)]
    [InlineData(204, FailureKind.Error)]
    public void Answered_EachStatus_CountsAsTheDesignSays(int status, string kind) =>
        Assert.Equal(kind, Failures.Answered((HttpStatusCode)status, problem: null, retryAfter: null).Kind);

    [Fact]
    public void Answered_AFinalProblem_HandsTheReasonOn()
    {
        var failure = Failures.Answered(
            HttpStatusCode.UnprocessableEntity, new ProblemDetails { Type = "urn:x", Title = "Too dark", Detail = "Light it better." }, retryAfter: null);

        Assert.Equal((422, "urn:x", "Too dark", "Light it better."), (failure.Status, failure.Type, failure.Title, failure.Detail));
    }

    [Fact]
    public void Answered_TimeLimitOfTheConverter_HandsItsReasonOn()
    {
        var failure = Failures.Answered(HttpStatusCode.GatewayTimeout, new ProblemDetails { Type = "urn:x", Title = "Too slow", Detail = "Dream less." }, retryAfter: null);

        Assert.Equal((504, "urn:x", "Too slow", "Dream less."), (failure.Status, failure.Type, failure.Title, failure.Detail));
    }

    [Fact]
    public void Answered_TimeLimitWithoutAReason_SaysWhatToDo()
    {
        var failure = Failures.Answered(HttpStatusCode.GatewayTimeout, problem: null, retryAfter: null);

        Assert.Equal((504, "urn:image-editor:problem:time-limit"), (failure.Status, failure.Type));
    }

    [Fact]
    public void NotAnswered_EachException_CountsAsTheDesignSays()
    {
        Assert.Equal(FailureKind.Unavailable, Failures.NotAnswered(new ServiceDownException("deepdream")).Kind);
        Assert.Equal(FailureKind.Unavailable, Failures.NotAnswered(new HttpRequestException(HttpRequestError.ConnectionError)).Kind);
        Assert.Equal(FailureKind.Unavailable, Failures.NotAnswered(new HttpRequestException(HttpRequestError.NameResolutionError)).Kind);
        Assert.Equal(FailureKind.Broken, Failures.NotAnswered(new HttpRequestException(HttpRequestError.ResponseEnded)).Kind);
        Assert.Equal(FailureKind.Broken, Failures.NotAnswered(new IOException("Broken pipe")).Kind);
    }

    [Theory]
    [InlineData(true, FailureKind.Unavailable)]
    [InlineData(false, FailureKind.Error)]
    public void TimedOut_OfAConverterThatWasDown_IsNotCounted(bool wasDown, string kind) =>
        Assert.Equal(kind, Failures.TimedOut(TimeSpan.FromMinutes(15), wasDown).Kind);

    [Fact]
    public void Answered_BusyWithATime_WaitsThatLong() =>
        Assert.Equal(7, Failures.Answered(HttpStatusCode.ServiceUnavailable, problem: null, TimeSpan.FromSeconds(7)).RetryAfterSeconds);
}
