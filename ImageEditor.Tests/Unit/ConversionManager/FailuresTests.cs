using System.Net;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Work;
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
    [InlineData(504, FailureKind.Error)]
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
    public void Answered_BusyWithATime_WaitsThatLong() =>
        Assert.Equal(7, Failures.Answered(HttpStatusCode.ServiceUnavailable, problem: null, TimeSpan.FromSeconds(7)).RetryAfterSeconds);
}
