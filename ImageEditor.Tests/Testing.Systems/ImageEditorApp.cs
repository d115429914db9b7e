using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ImageEditor.AppHost;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ImageEditor.Testing.Systems;

/// <summary>The whole system, started from its AppHost, with a fake converter for tests, and the verbs to disturb it.</summary>
public sealed class ImageEditorApp : IAsyncDisposable
{
    /// <summary>The installation's key, known here so that tests can call services past the Gateway.</summary>
    public const string InternalKey = "the-internal-key-of-a-test-installation-only";

    /// <summary>What the signing keys of access tokens are sealed with, known here so that tests can sign tokens of their own.</summary>
    public const string KeyProtection = "the-key-protection-of-a-test-installation-only";

    /// <summary>The resource that receives saves instead of the storage manager, where a test asks for it.</summary>
    public const string FakeStorageManager = "fake-storage-manager";

    /// <summary>An environment variable that names a folder: each system's logs are written there when it ends.</summary>
    private const string LogsVariable = "IMAGE_EDITOR_TEST_LOGS";

    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(2);

    /// <summary>The converters that tests of the services need.</summary>
    private static readonly string[] NeededConverters = ["contrast", "grayscale", "heic", "pixelate", "thumbnail"];

    private readonly DistributedApplication _app;
    private readonly string _data;
    private readonly ConcurrentDictionary<string, ResourceEvent> _seen = new();
    private readonly ConcurrentDictionary<string, ReplicaLog> _logs = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _watch = Task.CompletedTask;

    private ImageEditorApp(DistributedApplication app, string store, string data) => (_app, Store, _data) = (app, store, data);

    /// <summary>The server behind the job store: <c>redis</c> or <c>garnet</c>.</summary>
    public string Store { get; }

    /// <summary>Names of the resources that run as processes.</summary>
    public IReadOnlyList<string> ProcessResources { get; private set; } = [];

    /// <summary>Names of the services and converters that run, fake ones among them: all resources that send telemetry.</summary>
    public IReadOnlyList<string> Programs { get; private init; } = [];

    /// <summary>Names of the services that AppHost.cs lists, the Gateway among them.</summary>
    public IReadOnlyList<string> Services { get; private init; } = [];

    /// <summary>The converters that AppHost.cs lists.</summary>
    public IReadOnlyList<ConverterOfTheAppHost> ConvertersOfTheAppHost { get; private init; } = [];

    /// <summary>Starts the system and waits until all of it is healthy.</summary>
    /// <param name="store"><c>redis</c> or <c>garnet</c>.</param>
    /// <param name="settings">Settings of resources: resource and name, as in <c>job-manager/Jobs__ResultRetention</c>, to value.</param>
    /// <param name="slowReplicas">Processes of the fake converter.</param>
    /// <param name="useFakeStorageManager">Whether saves go to the fake storage manager instead of the real one.</param>
    /// <param name="allConverters">
    /// Whether all converters run, or those few that tests of the services need: the others are not started.
    /// </param>
    /// <param name="settingsOfEach">Settings of each of the <see cref="Programs"/>, by the program's name.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ImageEditorApp> StartAsync(
        string store = "redis",
        IReadOnlyDictionary<string, string>? settings = null,
        int slowReplicas = 1,
        bool useFakeStorageManager = false,
        bool allConverters = false,
        Func<string, IReadOnlyDictionary<string, string>>? settingsOfEach = null,
        CancellationToken cancellationToken = default)
    {
        var data = Directory.CreateTempSubdirectory("image-editor-").FullName;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageEditor_AppHost>(
            [
                $"--Local:DataDirectory={data}",
                $"--Local:Redis:Server={store}",
                $"--Parameters:internal-key={InternalKey}",
                $"--Parameters:key-protection={KeyProtection}",
                .. (settings ?? new Dictionary<string, string>()).Select(setting => $"--{KeyOf(setting.Key)}={setting.Value}"),
            ],
            cancellationToken);

        // What its processes write is kept with each replica, and would flood the console of the tests.
        builder.Services.AddLogging(logging => logging.ClearProviders());

        // Any number of systems run side by side: what listens on a fixed port gets a free one.
        foreach (var endpoint in builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()))
        {
            endpoint.Port = null;
        }

        var slow = builder.AddProject("slow", ProjectOf("FakeConverter"))
            .WithHttpEndpoint(isProxied: slowReplicas > 1)
            .WithReplicas(slowReplicas)
            .WithHttpHealthCheck("/health");
        Configure(
            builder, "conversion-manager", resource => resource.WithReference(slow).WithEnvironment("Converters__slow", "http://slow"));
        if (useFakeStorageManager)
        {
            var fakeStorageManager = builder.AddProject(FakeStorageManager, ProjectOf("FakeStorageManager"))
                .WithHttpEndpoint(isProxied: false)
                .WithEnvironment("InternalKey", InternalKey)
                .WithHttpHealthCheck("/health");
            Configure(
                builder,
                "conversion-manager",
                resource => resource.WithReference(fakeStorageManager).WithEnvironment("Saves__Address", $"http://{FakeStorageManager}"));
        }

        if (!allConverters)
        {
            foreach (var program in Converters.Programs(builder).Where(program => !NeededConverters.Contains(program.Name)))
            {
                program.Annotations.Add(new ExplicitStartupAnnotation());
            }
        }

        var running = builder.Resources.Where(resource => !resource.HasAnnotationOfType<ExplicitStartupAnnotation>()).ToList();
        string[] programs =
        [
            .. running.Where(resource => resource.HasAnnotationOfType<OtlpExporterAnnotation>()).Select(resource => resource.Name),
        ];
        if (settingsOfEach is not null)
        {
            foreach (var program in programs)
            {
                foreach (var (name, value) in settingsOfEach(program))
                {
                    builder.Configuration[KeyOf($"{program}/{name}")] = value;
                }
            }
        }

        var started = new ImageEditorApp(await builder.BuildAsync(cancellationToken), store, data)
        {
            Programs = programs,
            Services =
            [
                .. from resource in builder.Resources.OfType<ProjectResource>()
                   where new DirectoryInfo(FolderOf(resource)).Parent!.Name == "services"
                   select resource.Name,
            ],
            ConvertersOfTheAppHost =
            [
                .. from program in Converters.Programs(builder)
                   from converter in Converters.PathsIn(program)
                   select new ConverterOfTheAppHost(
                       converter.Key, program.Name, converter.Value, FolderOf(program), Converters.IsPublic(program)),
            ],
            ProcessResources =
            [
                .. from resource in running
                   where resource is ProjectResource or ExecutableResource
                   select resource.Name,
            ],
        };
        try
        {
            started._watch = started.WatchAsync();
            await started._app.StartAsync(cancellationToken);
            await started.WaitUntilHealthyAsync(cancellationToken);
            await started.WaitUntilTokensAreCheckedAsync(cancellationToken);
            return started;
        }
        catch (Exception exception)
        {
            var states = string.Join(
                ", ", started._seen.Values.Select(seen => $"{seen.ResourceId}: {seen.Snapshot.State?.Text} {seen.Snapshot.HealthStatus}"));
            await started.DisposeAsync();
            throw new InvalidOperationException($"The system did not start: {exception.Message} ({states})", exception);
        }
    }

    /// <summary>A client of the Gateway.</summary>
    public ImageEditorClient CreateClient() => new(CreateServiceClient("gateway"));

    /// <summary>A client of one service itself, past the Gateway.</summary>
    /// <remarks>It sends each request once: what a test sees must not be the second answer.</remarks>
    public HttpClient CreateServiceClient(string resource) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = AddressOf(resource, "http") };

    /// <summary>A client of one converter itself: <c>convert</c> and <c>descriptor</c> are relative to its address.</summary>
    public HttpClient CreateConverterClient(string name)
    {
        var converter = ConvertersOfTheAppHost.Single(converter => converter.Name == name);
        var client = CreateServiceClient(converter.Program);
        client.BaseAddress = new Uri(client.BaseAddress!, converter.Path + "/");
        return client;
    }

    /// <summary>A client of one service itself that knows the installation's key, as the services do.</summary>
    /// <param name="resource">The service.</param>
    /// <param name="owner">Who is signed in, as the Gateway would say.</param>
    public HttpClient CreateTrustedClient(string resource, string? owner = null)
    {
        var client = CreateServiceClient(resource);
        client.DefaultRequestHeaders.Add(ServiceHeaders.InternalKey, InternalKey);
        if (owner is not null)
        {
            client.DefaultRequestHeaders.Add(ServiceHeaders.AuthenticatedUser, owner);
        }

        return client;
    }

    /// <summary>A client of the fake storage manager, where the system was started with one.</summary>
    public FakeStorageManagerClient CreateFakeStorageManagerClient() => new(CreateTrustedClient(FakeStorageManager));

    /// <summary>Where a resource answers.</summary>
    public Uri AddressOf(string resource, string endpoint) => _app.GetEndpoint(resource, endpoint);

    /// <summary>What the fake converter's first process has counted.</summary>
    public async Task<FakeConverterCalls> FakeConverterCallsAsync()
    {
        using var client = CreateServiceClient("slow");
        return (await client.GetFromJsonAsync<FakeConverterCalls>("/calls"))!;
    }

    /// <summary>The processes of a resource that run now; waits until there is one.</summary>
    public async Task<IReadOnlyList<Replica>> ReplicasAsync(string resource)
    {
        IReadOnlyList<Replica> running = [];
        await Until.TrueAsync($"a process of {resource} runs", StartWithin, () =>
        {
            running = RunningReplicas(resource);
            return Task.FromResult(running.Count > 0);
        });
        return running;
    }

    /// <summary>The processes of a resource that run now, perhaps none.</summary>
    public IReadOnlyList<Replica> RunningReplicas(string resource) =>
    [
        .. from seen in _seen
           where seen.Value.Resource.Name == resource
           let pid = ProcessIdOf(seen.Value.Snapshot)
           where pid is not null
           orderby seen.Key
           select new Replica(resource, seen.Key, pid.Value),
    ];

    /// <summary>What a replica has written so far.</summary>
    public string ReadLog(string replicaId) => _logs.TryGetValue(replicaId, out var log) ? log.Text : "";

    /// <summary>What each replica has written so far, by its id.</summary>
    public IReadOnlyDictionary<string, string> ReadLogs() => _logs.ToDictionary(log => log.Key, log => log.Value.Text);

    /// <summary>Kills one process of a resource (<c>kill -9</c>).</summary>
    public async Task<Replica> KillAsync(string resource, int index = 0)
    {
        var replicas = await ReplicasAsync(resource);
        var replica = replicas[index % replicas.Count];
        Signals.KillProcess(replica.ProcessId);
        return replica;
    }

    /// <summary>Stops every replica of a resource and keeps them stopped.</summary>
    /// <returns>What was stopped, to be started again.</returns>
    public async Task<IReadOnlyList<Replica>> StopAllAsync(string resource, CancellationToken cancellationToken = default)
    {
        var replicas = await ReplicasAsync(resource);
        await Task.WhenAll(replicas.Select(replica => StopAsync(replica.Id, cancellationToken)));
        await Until.TrueAsync(
            $"{resource} is stopped", StartWithin, () => Task.FromResult(RunningReplicas(resource).Count == 0), cancellationToken);
        return replicas;
    }

    /// <summary>Starts replicas that were stopped, and waits until their resource is healthy.</summary>
    public async Task StartAllAsync(IReadOnlyList<Replica> replicas, CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(replicas.Select(replica => StartResourceAsync(replica.Id, cancellationToken)));
        await Until.TrueAsync(
            $"{replicas[0].Resource} runs",
            StartWithin,
            () => Task.FromResult(RunningReplicas(replicas[0].Resource).Count == replicas.Count),
            cancellationToken);
        await WaitUntilHealthyAsync([replicas[0].Resource], cancellationToken);
    }

    /// <summary>Freezes every process of a resource (SIGSTOP): they keep their connections, and answer nothing.</summary>
    /// <returns>What is frozen, and goes on when it is disposed of.</returns>
    public async Task<FrozenProcesses> FreezeAllAsync(string resource) =>
        FrozenProcesses.Freeze((await ReplicasAsync(resource)).Select(replica => replica.ProcessId));

    /// <summary>Freezes one process of a resource (SIGSTOP).</summary>
    /// <returns>What is frozen, and goes on when it is disposed of.</returns>
    public async Task<FrozenProcesses> FreezeAsync(string resource) =>
        FrozenProcesses.Freeze((await ReplicasAsync(resource)).Take(1).Select(replica => replica.ProcessId));

    /// <summary>Stops a replica and keeps it stopped.</summary>
    public Task StopAsync(string resourceId, CancellationToken cancellationToken = default) =>
        CommandAsync(resourceId, KnownResourceCommands.StopCommand, cancellationToken);

    /// <summary>Starts what was stopped.</summary>
    public Task StartResourceAsync(string resourceId, CancellationToken cancellationToken = default) =>
        CommandAsync(resourceId, KnownResourceCommands.StartCommand, cancellationToken);

    /// <summary>Runs a command of a resource, as a person does from the dashboard.</summary>
    /// <returns>What the dashboard shows then, if anything.</returns>
    public async Task<string?> CommandAsync(string resourceId, string command, CancellationToken cancellationToken = default)
    {
        var result = await _app.ResourceCommands.ExecuteCommandAsync(resourceId, command, cancellationToken);
        return result.Success
            ? result.Data?.Value
            : throw new InvalidOperationException($"'{command}' failed for '{resourceId}': {result.Message}");
    }

    /// <summary>Stops one of two conversion managers, so that it is known which one takes a job or waits for its end.</summary>
    public async Task<(Replica Running, Replica Stopped)> WithOneConversionManagerAsync(CancellationToken cancellationToken = default)
    {
        if (await ReplicasAsync("conversion-manager") is not [var running, var stopped])
        {
            throw new InvalidOperationException("There are not two conversion managers.");
        }

        await StopAsync(stopped.Id, cancellationToken);
        await Until.TrueAsync(
            "one conversion manager is stopped",
            StartWithin,
            () => Task.FromResult(RunningReplicas("conversion-manager").Count == 1),
            cancellationToken);
        return (running, stopped);
    }

    /// <summary>
    /// Starts whatever was stopped, and waits until every replica runs and is healthy: a system that a test has harmed serves the next one.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken = default)
    {
        foreach (var (id, seen) in _seen.Where(seen => ProcessResources.Contains(seen.Value.Resource.Name)).ToList())
        {
            if (KnownResourceStates.TerminalStates.Contains(seen.Snapshot.State?.Text))
            {
                await StartResourceAsync(id, cancellationToken);
            }
        }

        await Until.TrueAsync(
            "every replica is healthy",
            StartWithin,
            () => Task.FromResult(_seen.Values
                .Where(seen => ProcessResources.Contains(seen.Resource.Name))
                .Select(seen => seen.Snapshot)
                .All(snapshot => snapshot.State?.Text == KnownResourceStates.Running && snapshot.HealthStatus == HealthStatus.Healthy)),
            cancellationToken);
    }

    /// <summary>Waits until every resource is healthy, also one that the orchestrator takes for failed for a moment while it is started.</summary>
    public Task WaitUntilHealthyAsync(CancellationToken cancellationToken = default) =>
        WaitUntilHealthyAsync(ProcessResources, cancellationToken);

    private async Task WaitUntilHealthyAsync(IEnumerable<string> resources, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartWithin);
        foreach (var resource in resources)
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(
                resource, WaitBehavior.WaitOnResourceUnavailable, deadline.Token);
        }
    }

    /// <summary>
    /// Waits until the Gateway knows the keys of access tokens: it starts without them, and turns tokens away until then.
    /// </summary>
    public async Task WaitUntilTokensAreCheckedAsync(CancellationToken cancellationToken = default)
    {
        using var client = CreateClient();
        client.Use("no token");
        await Until.TrueAsync(
            "tokens are checked",
            StartWithin,
            async () =>
            {
                using var response = await client.Http.GetAsync(new Uri("/api/converters", UriKind.Relative), cancellationToken);
                return response.StatusCode == HttpStatusCode.Unauthorized;
            },
            cancellationToken);
    }

    /// <summary>Connects to the job store itself.</summary>
    public async Task<ConnectionMultiplexer> ConnectToStoreAsync(CancellationToken cancellationToken = default) =>
        await ConnectionMultiplexer.ConnectAsync(
            (await _app.GetConnectionStringAsync("job-store", cancellationToken))! + ",allowAdmin=true");

    /// <summary>The connection string of one of the system's databases.</summary>
    public async Task<string> DatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        (await _app.GetConnectionStringAsync(name, cancellationToken))!;

    /// <summary>The password of the job store.</summary>
    public async Task<string> JobStorePasswordAsync(CancellationToken cancellationToken = default) =>
        ConfigurationOptions.Parse((await _app.GetConnectionStringAsync("job-store", cancellationToken))!).Password!;

    /// <summary>Every key that the job store holds of jobs; its clock, descriptors, and whose turn it is, stay without any.</summary>
    public async Task<IReadOnlyList<string>> StoreKeysAsync(CancellationToken cancellationToken = default)
    {
        await using var store = await ConnectToStoreAsync(cancellationToken);
        var keys = new List<string>();
        await foreach (var key in store.GetServers()[0].KeysAsync(pattern: "*").WithCancellation(cancellationToken))
        {
            keys.Add(key.ToString());
        }

        keys.RemoveAll(key => key.EndsWith(":clock", StringComparison.Ordinal) || key.EndsWith(":descriptors", StringComparison.Ordinal)
            || key.Contains(":turns:", StringComparison.Ordinal));
        return keys;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch;
        await Task.WhenAll(_logs.Values.Select(log => log.EndAsync()));
        if (Environment.GetEnvironmentVariable(LogsVariable) is { Length: > 0 } folder)
        {
            var logs = Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(_data)));
            await Task.WhenAll(_logs.Select(log => File.WriteAllTextAsync(Path.Combine(logs.FullName, $"{log.Key}.log"), log.Value.Text)));
        }

        await _app.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Where the AppHost's configuration has a setting, such as <c>gateway/InternalKey</c>.</summary>
    private static string KeyOf(string setting) =>
        $"Settings:{setting.Replace("/", ":", StringComparison.Ordinal).Replace("__", ":", StringComparison.Ordinal)}";

    private static string ProjectOf(string name) => Path.Combine(Repository.Root, "ImageEditor.Tests", "Assets", name, $"{name}.csproj");

    private static string FolderOf(IResource resource) => resource switch
    {
        ProjectResource project => Path.GetDirectoryName(project.GetProjectMetadata().ProjectPath)!,
        ExecutableResource executable => executable.WorkingDirectory,
        _ => throw new InvalidOperationException($"The sources of '{resource.Name}' are not known."),
    };

    private async Task WatchAsync()
    {
        var loggers = _app.Services.GetRequiredService<ResourceLoggerService>();
        try
        {
            await foreach (var change in _app.ResourceNotifications.WatchAsync(_stop.Token))
            {
                _seen[change.ResourceId] = change;
                if (ProcessIdOf(change.Snapshot) is not null)
                {
                    _logs.GetOrAdd(change.ResourceId, id => new ReplicaLog(loggers, id, _stop.Token));
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private static void Configure(
        IDistributedApplicationBuilder builder, string name, Action<IResourceBuilder<IResourceWithEnvironment>> change)
    {
        var resource = builder.Resources.OfType<IResourceWithEnvironment>().Single(resource => resource.Name == name);
        change(builder.CreateResourceBuilder(resource));
    }

    private static int? ProcessIdOf(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running
            && snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
            && int.TryParse(value.ToString(), out var pid)
            ? pid
            : null;


    /// <summary>Notes what a replica writes, over all its processes.</summary>
    private sealed class ReplicaLog
    {
        private readonly StringBuilder _text = new();
        private readonly Task _reading;

        public ReplicaLog(ResourceLoggerService loggers, string id, CancellationToken stop) => _reading = ReadAsync(loggers, id, stop);

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public Task EndAsync() => _reading;

        private async Task ReadAsync(ResourceLoggerService loggers, string id, CancellationToken stop)
        {
            try
            {
                await foreach (var lines in loggers.WatchAsync(id).WithCancellation(stop))
                {
                    lock (_text)
                    {
                        foreach (var line in lines)
                        {
                            _text.AppendLine(line.Content);
                        }
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The test is over.
            }
        }
    }
}

/// <summary>A converter as AppHost.cs lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Program">The resource that serves it.</param>
/// <param name="Path">What its routes begin with.</param>
/// <param name="Folder">Where its sources are.</param>
/// <param name="IsPublic">Whether clients may ask for it.</param>
public sealed record ConverterOfTheAppHost(string Name, string Program, string Path, string Folder, bool IsPublic);

/// <summary>What the fake converter has counted.</summary>
public sealed record FakeConverterCalls(int Started, int Answered, int Abandoned);
