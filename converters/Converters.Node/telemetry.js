// Telemetry of a converter: a span and a duration for each request, and named log records. They are exported by OTLP where there is an endpoint.
// Nothing that a caller sent is in it, but for the trace that the request belongs to.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, metrics, propagation, trace } from '@opentelemetry/api';
import { SeverityNumber, logs } from '@opentelemetry/api-logs';

const severities = { Information: SeverityNumber.INFO, Error: SeverityNumber.ERROR };

/**
 * Before anything is measured: what was made without a provider measures nothing.
 * @param {string} name The converter's.
 * @returns What observes requests and writes log records, and what sends the rest of them at the end.
 */
export async function startTelemetry(name) {
  const flush = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? await (await import('./otlp.js')).start(name) : async () => {};
  const meter = metrics.getMeter(name);
  meter.createObservableGauge('process.memory.usage', { description: 'The amount of physical memory in use.', unit: 'By' })
    .addCallback(gauge => gauge.observe(process.memoryUsage.rss()));
  const durations = meter.createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
  });
  return { flush, log: recorder(logs.getLogger(name)), observe: observer(trace.getTracer(name), durations) };
}

/** What traces and measures a request until its answer has ended, or its caller has hung up; it returns the context of its span, for log records. */
const observer = (tracer, durations) => (request, response, route) => {
  const started = performance.now();
  const attributes = { 'http.request.method': request.method, 'http.route': route, 'url.scheme': 'http' };
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
  response.once('close', () => {
    const outcome = { 'http.response.status_code': response.statusCode, ...(response.statusCode >= 500 ? { 'error.type': String(response.statusCode) } : {}) };
    durations.record((performance.now() - started) / 1000, { ...attributes, ...outcome });
    span.setAttributes(outcome);
    if (response.statusCode >= 500) {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }

    span.end();
  });
  return trace.setSpan(parent, span);
};

/** Log records, each with its event's name; errors stand on the console, too. */
function recorder(logger) {
  const emit = (eventName, severityText, body, attributes = {}, within = context.active()) =>
    logger.emit({ eventName, severityText, severityNumber: severities[severityText], body, attributes, context: within });
  return {
    started: port => emit('ConverterStarted', 'Information', `Listening on port ${port}`, { port }),
    stopped: () => emit('ConverterStopped', 'Information', 'Stopped after the last answer'),
    refused: (type, status, within) => emit('ConversionRefused', 'Information', `A request was refused with ${status}: ${type}`, { type, status }, within),
    failed(error, within) {
      console.error(error);
      emit('ConversionFailed', 'Error', 'A conversion failed for a reason that is not the picture\'s', { 'exception.type': error.name, 'exception.stacktrace': error.stack }, within);
    },
  };
}
