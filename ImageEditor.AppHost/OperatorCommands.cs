using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.AppHost;

/// <summary>What an operator does from the dashboard, by calls of the job manager.</summary>
internal static class OperatorCommands
{
    /// <summary>
    /// Adds commands that show and empty a converter's queue, to each converter added so far, and one that sweeps the job store at once.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithOperatorCommands(
        this IResourceBuilder<ProjectResource> jobManager, IResourceBuilder<ParameterResource> internalKey)
    {
        var builder = jobManager.ApplicationBuilder;
        foreach (var program in Converters.Programs(builder).Select(builder.CreateResourceBuilder))
        {
            var names = Converters.PathsIn(program.Resource).Keys.ToList();
            names.ForEach(name => AddQueueCommands(program, name, isOnly: names.Count == 1));
        }

        return jobManager.WithCommand("sweep", "Sweep now", Call(HttpMethod.Post, "/queues/sweep"), new CommandOptions
        {
            Description = "Does at once what is due in the job store, and drops what belongs to no job.",
            IconName = "Broom",
        });

        // Where a program has several converters, each queue has its own commands.
        void AddQueueCommands(IResourceBuilder<IResourceWithEndpoints> program, string name, bool isOnly)
        {
            var (suffix, of) = isOnly ? ("", "") : ("-" + name, $" of {name}");
            program
                .WithCommand("show-queue" + suffix, "Show queue" + of, Call(HttpMethod.Get, $"/queues/{name}"), new CommandOptions
                {
                    Description = "How many jobs wait for this converter, and which are next.",
                    IconName = "TextBulletListLtr",
                })
                .WithCommand("empty-queue" + suffix, "Empty queue" + of, Call(HttpMethod.Delete, $"/queues/{name}"), new CommandOptions
                {
                    Description = "Cancels every job that waits for this converter.",
                    ConfirmationMessage = $"Cancel every job that waits for '{name}'? "
                        + "The people who handed them in are told that they were cancelled. This cannot be undone.",
                    IconName = "Delete",
                });
        }

        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Call(HttpMethod method, string path) => async context =>
        {
            try
            {
                using var client = new HttpClient { BaseAddress = new Uri(jobManager.GetEndpoint("http").Url) };
                using var request = new HttpRequestMessage(method, path);
                request.Headers.Add(ServiceHeaders.InternalKey, await internalKey.Resource.GetValueAsync(context.CancellationToken));
                using var response = await client.SendAsync(request, context.CancellationToken);
                var answer = await response.Content.ReadAsStringAsync(context.CancellationToken);
                return !response.IsSuccessStatusCode
                    ? CommandResults.Failure($"The job manager answered {(int)response.StatusCode}: {answer}")
                    : answer.Length > 0 ? CommandResults.Success("Done", answer, CommandResultFormat.Json, displayImmediately: true)
                    : CommandResults.Success();
            }
            catch (HttpRequestException exception)
            {
                return CommandResults.Failure($"The job manager does not answer: {exception.Message}");
            }
        };
    }
}
