using ImageEditor.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// Secrets and stores
var internalKey = builder.AddGeneratedSecret("internal-key");
var keyProtection = builder.AddGeneratedSecret("key-protection");

var jobStore = builder.AddRedis("job-store")
    .WithDataVolume()
    .WithPersistence();

var postgres = builder.AddPostgres("postgres")
    .WithDataVolume();
var metadata = postgres.AddDatabase("metadata");
var accounts = postgres.AddDatabase("accounts");

// Converters: image in, image out; they know nothing of the rest
builder.AddConverter("grayscale", "../converters/Grayscale/Grayscale.csproj");
builder.AddConverter("flip-horizontal", "../converters/FlipHorizontal/FlipHorizontal.csproj");
builder.AddConverter("contrast", "../converters/Contrast/Contrast.csproj");
builder.AddNodeConverter("pixelate", "../converters/Pixelate");
builder.AddConverter("deepdream", "../converters/DeepDream/DeepDream.csproj").WithGpu();
builder.AddConverter("style-transfer", "../converters/StyleTransfer/StyleTransfer.csproj").WithGpu();
builder.AddConverter("upscale", "../converters/Upscale/Upscale.csproj").WithGpu();
builder.AddConverter("denoise", "../converters/Denoise/Denoise.csproj").WithGpu();
builder.AddConverter("remove-background", "../converters/RemoveBackground/RemoveBackground.csproj").WithGpu();
builder.AddConverter("blur-faces", "../converters/BlurFaces/BlurFaces.csproj").WithGpu();
builder.AddConverter("thumbnail", "../converters/Thumbnail/Thumbnail.csproj", isPublic: false);

// Core services
var jobManager = builder.AddProject("job-manager", "../services/JobManager/JobManager.csproj")
    .WithHttpEndpoint()
    .WithReplicas(2)
    .WithReference(jobStore).WaitFor(jobStore)
    .WithEnvironment("InternalKey", internalKey)
    .WithHttpHealthCheck("/health");

var storageManager = builder.AddProject("storage-manager", "../services/StorageManager/StorageManager.csproj")
    .WithHttpEndpoint()
    .WithReplicas(2)
    .WithReference(metadata).WaitFor(metadata)
    .WithImageFolder()
    .WithEnvironment("InternalKey", internalKey)
    .WithHttpHealthCheck("/health");

var conversionManager = builder.AddProject("conversion-manager", "../services/ConversionManager/ConversionManager.csproj")
    .WithHttpEndpoint()
    .WithReplicas(2)
    .WithReference(jobManager).WaitFor(jobManager)
    .WithReference(storageManager) // not waited for: saves catch up
    .WithConverters()
    .WithEnvironment("InternalKey", internalKey)
    .WithHttpHealthCheck("/health");

var authManager = builder.AddProject("auth-manager", "../services/AuthManager/AuthManager.csproj")
    .WithHttpEndpoint()
    .WithReplicas(2)
    .WithReference(accounts).WaitFor(accounts)
    .WithReference(storageManager) // not waited for: a deleted account's pictures go when it is there
    .WithEnvironment("InternalKey", internalKey)
    .WithEnvironment("Keys__Protection", keyProtection)
    .WithHttpHealthCheck("/health");

var webFrontend = builder.AddProject("web-frontend", "../services/WebFrontend/WebFrontend.csproj")
    .WithHttpEndpoint()
    .WithReplicas(2)
    .WithEnvironment("InternalKey", internalKey)
    .WithHttpHealthCheck("/health");

// The only thing the outside reaches
builder.AddProject("gateway", "../services/Gateway/Gateway.csproj")
    .WithHttpEndpoint(port: 8080)
    .WithHttpsEndpoint(port: 8443)
    .WithExternalHttpEndpoints()
    .WithDevelopmentCertificate()
    .WithReference(conversionManager).WaitFor(conversionManager)
    .WithReference(jobManager).WaitFor(jobManager)
    .WithReference(authManager) // not waited for: conversions do without accounts
    .WithReference(webFrontend).WaitFor(webFrontend)
    .WithReference(storageManager) // not waited for: conversions do without a gallery
    .WithConverterDocuments()
    .WithEnvironment("InternalKey", internalKey)
    .WithHttpHealthCheck("/health", endpointName: "http");

builder.Build().Run();

/// <summary>The AppHost's assembly, for tests.</summary>
public partial class Program;
