using ImageEditor.Tests.Hosting.Support;

namespace ImageEditor.Tests.Hosting.Postgres;

public sealed class PostgresModelTests
{
    [Fact]
    public async Task WithReference_ToADatabase_TellsConnectionStringAndItsParts()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                var password = builder.AddParameter("pw", "a b/c", secret: true);
                var userName = builder.AddParameter("user", "some.one");
                var postgres = builder.AddPostgres("postgres", userName, password).WithDataVolume();
                var metadata = postgres.AddDatabase("meta-data", "Meta Data");
                builder.AddService("front").WithReference(metadata).WaitFor(metadata).WithReference(metadata, "other").WithReference(postgres);
            },
            Models.Empty);
        await app.HealthyAsync("front");

        var environment = await app.EnvironmentOfAsync("front");
        var port = environment["META_DATA_PORT"];
        Assert.Equal($"Host=127.0.0.1;Port={port};Username=some.one;Password=a b/c;Database=Meta Data", environment["ConnectionStrings__meta-data"]);
        Assert.Equal(environment["ConnectionStrings__meta-data"], await app.App.GetConnectionStringAsync("meta-data", TestContext.Current.CancellationToken));
        Assert.Equal("127.0.0.1", environment["META_DATA_HOST"]);
        Assert.Equal("some.one", environment["META_DATA_USERNAME"]);
        Assert.Equal("a b/c", environment["META_DATA_PASSWORD"]);
        Assert.Equal("Meta Data", environment["META_DATA_DATABASENAME"]);
        Assert.Equal($"postgresql://some.one:a%20b%2Fc@127.0.0.1:{port}/Meta%20Data", environment["META_DATA_URI"]);
        Assert.Equal($"jdbc:postgresql://127.0.0.1:{port}/Meta%20Data", environment["META_DATA_JDBCCONNECTIONSTRING"]);
        Assert.Equal(environment["META_DATA_URI"], environment["OTHER_URI"]);
        Assert.Equal($"Host=127.0.0.1;Port={port};Username=some.one;Password=a b/c", environment["ConnectionStrings__postgres"]);
        Assert.Equal($"postgresql://some.one:a%20b%2Fc@127.0.0.1:{port}", environment["POSTGRES_URI"]);
        Assert.Equal($"jdbc:postgresql://127.0.0.1:{port}", environment["POSTGRES_JDBCCONNECTIONSTRING"]);
        Assert.DoesNotContain("POSTGRES_DATABASENAME", environment.Keys);
    }
}
