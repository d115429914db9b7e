using System.Net;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.ConversionManager.Tests.Attempts;

public sealed class JobFailuresTests
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
    public void FromResponse_EachStatus_CountsAsDocumented(int status, string kind) =>
        Assert.Equal(kind, JobFailures.FromResponse((HttpStatusCode)status, problem: null, retryAfter: null).Kind);

    [Fact]
    public void FromResponse_AFinalProblem_HandsTheReasonOn()
    {
        var failure = JobFailures.FromResponse(
            HttpStatusCode.UnprocessableEntity,
            new ProblemDetails { Type = "urn:x", Title = "Too dark", Detail = "Light it better." },
            retryAfter: null);

        Assert.Equal((422, "urn:x", "Too dark", "Light it better."), (failure.Status, failure.Type, failure.Title, failure.Detail));
    }

    [Fact]
    public void FromResponse_TimeLimitOfTheConverter_HandsItsReasonOn()
    {
        var failure = JobFailures.FromResponse(
            HttpStatusCode.GatewayTimeout,
            new ProblemDetails { Type = "urn:x", Title = "Too slow", Detail = "Dream less." },
            retryAfter: null);

        Assert.Equal((504, "urn:x", "Too slow", "Dream less."), (failure.Status, failure.Type, failure.Title, failure.Detail));
    }

    [Fact]
    public void FromResponse_TimeLimitWithoutAReason_SaysWhatToDo()
    {
        var failure = JobFailures.FromResponse(HttpStatusCode.GatewayTimeout, problem: null, retryAfter: null);

        Assert.Equal((504, "urn:image-editor:problem:time-limit"), (failure.Status, failure.Type));
    }

    [Fact]
    public void FromException_EachException_CountsAsDocumented()
    {
        Assert.Equal(FailureKind.Unavailable, JobFailures.FromException(new ServiceDownException("deepdream")).Kind);
        Assert.Equal(FailureKind.Unavailable, JobFailures.FromException(new HttpRequestException(HttpRequestError.ConnectionError)).Kind);
        Assert.Equal(
            FailureKind.Unavailable, JobFailures.FromException(new HttpRequestException(HttpRequestError.NameResolutionError)).Kind);
        Assert.Equal(FailureKind.Broken, JobFailures.FromException(new HttpRequestException(HttpRequestError.ResponseEnded)).Kind);
        Assert.Equal(FailureKind.Broken, JobFailures.FromException(new IOException("Broken pipe")).Kind);
    }

    [Theory]
    [InlineData(true, FailureKind.Unavailable)]
    [InlineData(false, FailureKind.Error)]
    public void TimedOut_OfAConverterThatWasDown_IsNotCounted(bool wasDown, string kind) =>
        Assert.Equal(kind, JobFailures.TimedOut(TimeSpan.FromMinutes(15), wasDown).Kind);

    [Fact]
    public void FromResponse_BusyWithATime_WaitsThatLong() =>
        Assert.Equal(
            7, JobFailures.FromResponse(HttpStatusCode.ServiceUnavailable, problem: null, TimeSpan.FromSeconds(7)).RetryAfterSeconds);
}
