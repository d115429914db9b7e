namespace ImageEditor.JobManager.Store;

/// <summary>
/// An image on its way into the store. A script that is sent after it finds it there: the store carries out what comes on one connection in
/// order, so that both cost one round trip, and one write to its disk.
/// </summary>
/// <param name="Blob">Its name.</param>
/// <param name="Written">Fails with a <see cref="StoreUnavailableException"/> when the store did not take it.</param>
internal readonly record struct BlobUpload(string Blob, Task Written)
{
    /// <summary>Waits for the upload and for the script that was sent after it.</summary>
    /// <returns>What the script returns.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer one of them.</exception>
    public async Task<ScriptReply> ThenAsync(Task<ScriptReply> script)
    {
        await Task.WhenAll(Written, script);
        return await script;
    }
}
