using ImageEditor.AppHost;
using ImageEditor.AppHost.Configuration;
using ImageEditor.AppHost.Local;

var builder = DistributedApplication.CreateBuilder(args);
builder.ApplySettings();
builder.PrepareForThisMachine();

// Secrets and stores
var internalKey = builder.AddGeneratedSecret("internal-key");
var signingKeySecret = builder.AddGeneratedSecret("key-protection");

var jobStore = builder.AddJobStore("job-store");

var postgres = builder.AddPostgresServer("postgres");
var metadata = postgres.AddDatabase("metadata");
var accounts = postgres.AddDatabase("accounts");

var images = builder.AddImageStorage("images");

// Converters: image in, image out; they know nothing of the rest
builder.AddConverter<Projects.Grayscale>("grayscale");
builder.AddConverter<Projects.FlipHorizontal>("flip-horizontal");
builder.AddConverter<Projects.Contrast>("contrast");
builder.AddNodeConverter("pixelate", "../converters/Pixelate");
builder.AddConverter<Projects.DeepDream>("deepdream").WithGpu();
builder.AddConverter<Projects.StyleTransfer>("style-transfer").WithGpu();
builder.AddConverter<Projects.Upscale>("upscale").WithGpu();
builder.AddConverter<Projects.Denoise>("denoise").WithGpu();
builder.AddConverter<Projects.RemoveBackground>("remove-background").WithGpu();
builder.AddConverter<Projects.BlurFaces>("blur-faces").WithGpu();
builder.AddConverters<Projects.Adjust>("adjustments", "adjust", "auto-enhance", "sharpen", "blur", "sepia", "invert", "vignette");
builder.AddConverters<Projects.Geometry>("geometry", "crop", "rotate", "flip-vertical", "resize");
builder.AddConverters<Projects.Export>("export", "watermark", "compress");
builder.AddConverter<Projects.Thumbnail>("thumbnail", isPublic: false);
builder.AddNodeConverter("heic", "../converters/Heic", isPublic: false);

// Core services
var jobManager = builder.AddCoreService<Projects.JobManager>("job-manager", internalKey)
    .WithReplicas(2)
    .WithReference(jobStore).WaitFor(jobStore)
    .WithOperatorCommands(internalKey);

var storageManager = builder.AddCoreService<Projects.StorageManager>("storage-manager", internalKey)
    .WithReplicas(2)
    .WithReference(metadata).WaitFor(metadata)
    .WithReference(images);

var conversionManager = builder.AddCoreService<Projects.ConversionManager>("conversion-manager", internalKey)
    .WithReplicas(2)
    .WithReference(jobManager).WaitFor(jobManager)
    .WithReference(storageManager) // not waited for: saves catch up
    .WithConverters()
    .WithShortShutdownGrace();

var authManager = builder.AddCoreService<Projects.AuthManager>("auth-manager", internalKey)
    .WithReplicas(2)
    .WithReference(accounts).WaitFor(accounts)
    .WithReference(storageManager) // not waited for: a deleted account's pictures go when it is there
    .WithEnvironment("Keys__EncryptionSecret", signingKeySecret);

var webFrontend = builder.AddCoreService<Projects.WebFrontend>("web-frontend", internalKey)
    .WithReplicas(2);

// The only thing the outside reaches
builder.AddProject<Projects.Gateway>("gateway")
    .WithHttpEndpoint(port: 8080, isProxied: false) // another one: --Ports:gateway:http=NUMBER
    .WithHttpsEndpoint(port: 8443, isProxied: false)
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Page")
    .WithUrlForEndpoint("http", endpoint => new() { Url = "/openapi/", DisplayText = "API reference" })
    .WithDevelopmentCertificate()
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WithReference(conversionManager).WaitFor(conversionManager)
    .WithReference(jobManager).WaitFor(jobManager)
    .WithReference(authManager) // not waited for: conversions do without accounts
    .WithReference(webFrontend).WaitFor(webFrontend)
    .WithReference(storageManager) // not waited for: conversions do without a gallery
    .WithConverterOpenApi()
    .WithPictureSize()
    .WithEnvironment("InternalKey", internalKey);

builder.Build().Run();
