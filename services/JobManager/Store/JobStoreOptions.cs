namespace ImageEditor.JobManager.Store;

/// <summary>How the store's memory is shared out, and what is expected of the store (configuration section <c>JobStore</c>).</summary>
/// <remarks>Inputs, results and saves have a share each, so that none can keep the others out. The rest is for the jobs themselves and for
/// uploads in flight.</remarks>
internal sealed class JobStoreOptions
{
    public const string Section = "JobStore";

    /// <summary>The store's memory in bytes: not more than its own limit.</summary>
    public long MemoryBytes { get; set; } = 2L << 30;

    /// <summary>The share of the memory for jobs' inputs, from 0 to 1. Above it new jobs are refused.</summary>
    public double InputShare { get; set; } = 0.25;

    /// <summary>The share of the memory for results, those reserved by claims included, from 0 to 1. Above it nothing is claimed.</summary>
    public double ResultShare { get; set; } = 0.40;

    /// <summary>The share of the memory for saves that wait and for what running jobs reserve for theirs, from 0 to 1. Above it jobs with
    /// an owner are refused.</summary>
    public double SaveShare { get; set; } = 0.25;

    /// <summary>How many bytes of bodies one process may hold at a time on their way to the store.</summary>
    public long BufferBytes { get; set; } = 256L << 20;

    /// <summary>How many replicas of the store must have a new job before it is acknowledged.</summary>
    public int Replicas { get; set; }

    /// <summary>How long an upload stays in the store until a script makes it part of a job.</summary>
    public TimeSpan UploadTtl { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a preview stays when no newer one follows. The end of its attempt removes it earlier.</summary>
    public TimeSpan PreviewTtl { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What <see cref="InputShare"/> comes to, in bytes.</summary>
    public long InputBytes => (long)(MemoryBytes * InputShare);

    /// <summary>What <see cref="ResultShare"/> comes to, in bytes.</summary>
    public long ResultBytes => (long)(MemoryBytes * ResultShare);

    /// <summary>What <see cref="SaveShare"/> comes to, in bytes.</summary>
    public long SaveBytes => (long)(MemoryBytes * SaveShare);
}
