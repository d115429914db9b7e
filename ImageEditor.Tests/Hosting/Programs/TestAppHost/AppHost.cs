// The model that Hosting.Tests start, as a process or in their own: a store, two replicas, and what depends on them.
var builder = DistributedApplication.CreateBuilder(args);

if (builder.Configuration["Models"] != "none")
{
    var store = builder.AddRedis("store");

    var back = builder.AddProject("back-end", "../TestService/TestService.csproj")
        .WithReplicas(2)
        .WithReference(store).WaitFor(store)
        .WithEnvironment("CHILD", builder.Configuration["Child"])
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health");

    builder.AddProject("front", "../TestService/TestService.csproj")
        .WithReference(back).WaitFor(back)
        .WithHttpEndpoint(port: int.TryParse(builder.Configuration["FrontPort"], out var port) ? port : null)
        .WithHttpHealthCheck("/health");
}

if (builder.Configuration["Postgres"] is { Length: > 0 } database)
{
    builder.AddPostgres("postgres").AddDatabase(database);
}

builder.Build().Run();

/// <summary>Names this assembly in tests.</summary>
public partial class Program;
