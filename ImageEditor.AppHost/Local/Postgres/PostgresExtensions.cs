using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ImageEditor.AppHost.Local.Postgres;

internal static class PostgresExtensions
{
    /// <summary>Adds a server as a process: <c>Local:Postgres:Server</c> (embedded, system) chooses it.</summary>
    public static IResourceBuilder<PostgresProcessResource> AddPostgresProcess(this IDistributedApplicationBuilder builder, string name)
    {
        var programs = PostgresPrograms.Find(builder.Configuration["Local:Postgres:Server"] ?? "embedded");
        var folder = DataFolder.Of(builder).For(name);
        var cluster = new PostgresCluster(folder);
        var resource = new PostgresProcessResource(
            name, "sh", Path.GetPathRoot(folder)!, builder.AddGeneratedSecret($"{name}-password").Resource);
        builder.AddConnectionCheck(
            name, resource, (checks, connectionString) => checks.AddNpgSql(_ => connectionString() + ";Database=postgres", name: name));
        builder.Services.AddSingleton<IHostedService>(
            services => new OrphanedBackends(cluster, services.GetRequiredService<TimeProvider>()));
        return builder.AddResource(resource)
            // Without the proxy, which copies every byte; and a server that is gone refuses connections, as it should.
            .WithEndpoint(PostgresProcessResource.EndpointName, endpoint => endpoint.IsProxied = false)
            .WithHealthCheck(name)
            .WithEnvironment("LC_ALL", "C")
            .WithArgs(async context =>
            {
                var port = int.Parse(
                    (await resource.Endpoint.Property(EndpointProperty.Port).GetValueAsync(context.CancellationToken))!,
                    CultureInfo.InvariantCulture);
                var password = (await resource.Password.GetValueAsync(context.CancellationToken))!;
                var command = await cluster.PrepareAsync(
                    programs, port, PostgresProcessResource.UserName, password, context.CancellationToken);
                foreach (var argument in command.Arguments)
                {
                    context.Args.Add(argument);
                }
            })
            .OnResourceReady(async (server, ready, cancellationToken) =>
            {
                var notifications = ready.Services.GetRequiredService<ResourceNotificationService>();
                foreach (var database in server.Databases)
                {
                    await CreateAsync(database, cancellationToken);
                    await notifications.PublishUpdateAsync(database, snapshot => snapshot with { State = KnownResourceStates.Running });
                }
            });
    }

    /// <summary>Adds a database, which is created when the server does not have it.</summary>
    public static IResourceBuilder<PostgresProcessDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresProcessResource> server, string name)
    {
        var builder = server.ApplicationBuilder;
        var database = new PostgresProcessDatabaseResource(name, server.Resource);
        server.Resource.Databases.Add(database);
        builder.AddConnectionCheck(name, database, (checks, connectionString) => checks.AddNpgSql(_ => connectionString(), name: name));
        return builder.AddResource(database)
            .WithHealthCheck(name)
            .WithInitialState(
                new CustomResourceSnapshot { ResourceType = "Database", Properties = [], State = KnownResourceStates.NotStarted });
    }

    private static async Task CreateAsync(PostgresProcessDatabaseResource database, CancellationToken cancellationToken)
    {
        var connectionString = await database.Parent.ConnectionStringExpression.GetValueAsync(cancellationToken);
        await using var connection = new NpgsqlConnection(connectionString + ";Database=postgres;Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"CREATE DATABASE {new NpgsqlCommandBuilder().QuoteIdentifier(database.Name)}", connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException there) when (there.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // It has been there since an earlier run.
        }
    }
}
