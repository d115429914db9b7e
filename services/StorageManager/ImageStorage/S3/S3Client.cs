using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace ImageEditor.StorageManager.ImageStorage.S3;

internal static class S3Client
{
    /// <summary>Creates a client.</summary>
    public static AmazonS3Client Create(S3StorageOptions settings)
    {
        var configuration = new AmazonS3Config
        {
            ForcePathStyle = settings.PathStyle,
            Timeout = settings.Timeout,
            MaxErrorRetry = settings.MaxRetries,

            // Payloads are signed by their hash; the newer checksums are not known to every server.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.Endpoint.Length > 0)
        {
            configuration.ServiceURL = settings.Endpoint;
            configuration.AuthenticationRegion = settings.Region;
        }
        else
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        }

        return settings.AccessKey.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), configuration)
            : new AmazonS3Client(configuration);
    }
}
