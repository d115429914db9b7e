using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Support;

/// <summary>One system for all tests of a class. Those that harm it leave it to the next one to wait until it has recovered.</summary>
/// <param name="store"><c>redis</c> or <c>garnet</c>.</param>
/// <param name="settings">Settings of resources, as in <see cref="ImageEditorApp.StartAsync"/>.</param>
/// <param name="useFakeStorageManager">Whether saves go to the fake storage manager instead of the real one.</param>
public abstract class SharedSystem(string store, IReadOnlyDictionary<string, string>? settings = null, bool useFakeStorageManager = false)
    : IAsyncLifetime
{
    public ImageEditorApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        App = await ImageEditorApp.StartAsync(
            store, settings, useFakeStorageManager: useFakeStorageManager, cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (App is not null)
        {
            await App.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
