using Aspire.Hosting.Watchdog;

// Started by an AppHost with a pipe to it (hosting/Aspire.Hosting/Running/Watchdog.cs). The pipe's end is the AppHost's end.
var orphans = new Orphans(marker: args[0]);
while (Console.In.ReadLine() is { } child)
{
    orphans.Add(child);
}

orphans.KillAll();
