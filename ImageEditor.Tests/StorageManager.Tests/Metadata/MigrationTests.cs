using System.Net;

namespace ImageEditor.StorageManager.Tests.Metadata;

/// <summary>A release starts beside the one before: it changes tables that are in use.</summary>
public sealed class MigrationTests(TestServers servers)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Whoever comes behind a waiting change waits too, so a backup would stop every gallery until it ends.</summary>
    [Fact]
    public async Task Start_WhileABackupReadsTheTables_LetsTheReleaseBeforeGoOnAndMigratesAfterwards()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        await installation.First.SaveNewAsync(owner, TestPicture.New());
        await installation.First.KillAsync();
        await TakeBackAsync(installation);

        await using var backup = await installation.Database.OpenConnectionAsync(Cancel);
        await using var transaction = await backup.BeginTransactionAsync(Cancel);
        await using (var command = backup.CreateCommand())
        {
            command.CommandText = "select count(*) from pictures";
            await command.ExecuteScalarAsync(Cancel);
        }

        await using var replica = StorageManagerProcess.Launch(installation.Address, [.. installation.Storage.Settings]);
        await Until.TrueAsync(
            "the change waits",
            Timeout,
            () => installation.AskAsync<bool>("select exists (select from pg_locks where relation = 'pictures'::regclass and not granted)"),
            Cancel);

        // What a replica of the release before asks is answered, within the time that its callers have.
        await installation.ExecuteAsync("set statement_timeout = '2s'; select count(*) from pictures");
        await replica.WritesAsync("The gallery waits for its database");
        await transaction.RollbackAsync(Cancel);

        await replica.HealthyAsync();
        var item = Assert.Single(await replica.ListAsync(owner));
        Assert.Equal("null", item.GetProperty("name").GetRawText());
        Assert.Equal(HttpStatusCode.NoContent, await replica.SaveAsync(owner, TestPicture.New() with { Name = "new.jpg" }));
        Assert.Equal(2, (await replica.ListAsync(owner)).Count);
    }

    /// <summary>Makes the tables those of the release before names and recipes.</summary>
    private static Task<int> TakeBackAsync(Installation installation) => installation.ExecuteAsync(
        """
        drop table later_steps, recipes;
        alter table pictures
            drop column name, drop column recipe, drop constraint pictures_display,
            drop column display_type, drop column display_bytes, drop column display_hash,
            drop column display_width, drop column display_height;
        delete from migrations where name > '0002'
        """);
}
