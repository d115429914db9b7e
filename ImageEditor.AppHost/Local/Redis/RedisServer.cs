namespace ImageEditor.AppHost.Local.Redis;

/// <summary>A program that speaks the Redis protocol, and how to run it. Tests of the job store start the same programs with it.</summary>
internal abstract class RedisServer
{
    /// <summary>The program to run.</summary>
    public abstract string Program { get; }

    /// <summary>Writes the configuration into the data folder, readable for its owner only, since it holds the password.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="port">The port on 127.0.0.1.</param>
    /// <param name="password">The password that clients need.</param>
    /// <param name="memoryBytes">The memory for data, in bytes. Garnet gets the next power of two.</param>
    /// <returns>The arguments of the program.</returns>
    public abstract IReadOnlyList<string> Configure(string folder, int port, string password, long memoryBytes);

    /// <summary>Chooses the server.</summary>
    /// <param name="kind">
    /// <c>redis</c>, <c>valkey</c> or <c>garnet</c>; <c>auto</c> takes the first of them that is there, and Garnet always is.
    /// </param>
    /// <exception cref="DistributedApplicationException">There is no such server, or it is not installed.</exception>
    public static RedisServer Find(string kind) => kind switch
    {
        "auto" => ClassicServer.TryFind(ClassicServer.RedisProgram)
            ?? ClassicServer.TryFind(ClassicServer.ValkeyProgram)
            ?? (RedisServer)new GarnetServer(),
        "redis" => ClassicServer.TryFind(ClassicServer.RedisProgram) ?? throw Missing(ClassicServer.RedisProgram),
        "valkey" => ClassicServer.TryFind(ClassicServer.ValkeyProgram) ?? throw Missing(ClassicServer.ValkeyProgram),
        "garnet" => new GarnetServer(),
        _ => throw new DistributedApplicationException(
            $"The setting 'Local:Redis:Server' is '{kind}'; it must be auto, redis, valkey or garnet."),
    };

    private static DistributedApplicationException Missing(string program) =>
        new($"'{program}' is not on the PATH: install it, or leave the choice to the setting Local:Redis:Server=auto.");
}
