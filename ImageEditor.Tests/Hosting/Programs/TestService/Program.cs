using System.Diagnostics;

var app = WebApplication.CreateBuilder(args).Build();

if (app.Configuration["EXIT_CODE"] is { } code)
{
    Console.WriteLine("ends before it listens");
    return int.Parse(code, System.Globalization.CultureInfo.InvariantCulture);
}

if (app.Configuration["CHILD"] is { Length: > 0 } command)
{
    // A child of its own, in a session of its own: the hardest to find.
    Process.Start("setsid", command.Split(' '));
}

var status = 200;
app.MapGet("/health", () => Results.StatusCode(status));
app.MapPut("/health/{newStatus:int}", (int newStatus) => status = newStatus);
app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/args", () => args);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
app.Run();
return 0;
