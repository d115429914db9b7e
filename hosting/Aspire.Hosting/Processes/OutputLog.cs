namespace Aspire.Hosting.Processes;

/// <summary>The log file of one replica, and the last lines of it.</summary>
internal sealed class OutputLog : IDisposable
{
    private const long RollAtBytes = 64 * 1024 * 1024;
    private const int TailLines = 20;

    private readonly Lock _lock = new();
    private readonly Queue<string> _tail = new();
    private StreamWriter? _file;

    public OutputLog(string path)
    {
        Path = path;
        Open();
    }

    public string Path { get; }

    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_lock)
            {
                return [.. _tail];
            }
        }
    }

    public void Write(string line)
    {
        lock (_lock)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }

            if (_file is null)
            {
                return;
            }

            try
            {
                _file.WriteLine(line);
                if (_file.BaseStream.Length > RollAtBytes)
                {
                    _file.Dispose();
                    Open();
                }
            }
            catch (IOException)
            {
                // A full disk costs lines of the log. It must not stop who reads a child's output: the child would hang on its next line.
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>What an earlier run, or the first 64 MiB of this one, wrote is kept once.</summary>
    private void Open()
    {
        if (File.Exists(Path))
        {
            File.Move(Path, Path + ".1", overwrite: true);
        }

        _file = new StreamWriter(new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
    }
}
