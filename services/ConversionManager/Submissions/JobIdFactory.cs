using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Security;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Creates the ids of jobs.</summary>
internal sealed class JobIdFactory
{
    private readonly byte[] _secret;

    public JobIdFactory(IConfiguration configuration) =>
        _secret = HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            Encoding.UTF8.GetBytes(InternalKey.GetRequired(configuration)),
            32,
            info: "image-editor job ids"u8.ToArray());

    public static string CreateRandom() => JobId.FromBytes(RandomNumberGenerator.GetBytes(JobId.ByteCount)).ToString();

    /// <summary>Creates the id that the same owner, key, recipe and input always get, and that nobody can guess.</summary>
    public string CreateDeterministic(string? owner, string idempotencyKey, Submission submission)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        Append(hmac, Encoding.UTF8.GetBytes(owner ?? ""));
        Append(hmac, Encoding.UTF8.GetBytes(idempotencyKey));
        Append(hmac, Encoding.UTF8.GetBytes(Canonical(submission.Steps)));
        Append(hmac, submission.Input.Body.Span);
        return JobId.FromBytes(hmac.GetHashAndReset().AsSpan(0, JobId.ByteCount)).ToString();
    }

    /// <summary>Equal recipes have equal texts, however they were written.</summary>
    private static string Canonical(IReadOnlyList<SubmittedStep> steps) =>
        new JsonArray([.. steps.Select(step => new JsonObject
        {
            ["converter"] = step.Converter.Name,
            ["parameters"] = step.AllParameters.DeepClone(),
        })]).ToJsonString();

    // Each part goes in with its length, so that no two lists of parts run together into the same bytes.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
