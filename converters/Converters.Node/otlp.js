// Sends traces, metrics and logs by OTLP, as the variables of OpenTelemetry's specification say. Loaded only where there is an endpoint.
import { metrics, propagation, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';

/** What a stop waits for at most: a collector that is away must not hold a rolling update up. */
const patience = 2000;

/**
 * Makes the three providers the process's own.
 * @param {string} name What the service is called where OTEL_SERVICE_NAME does not say.
 * @returns {Promise<() => Promise<void>>} Sends what is left, and ends.
 */
export async function start(name) {
  const protocol = process.env.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/protobuf' ? 'proto' : 'grpc';
  const [{ OTLPTraceExporter }, { OTLPMetricExporter }, { OTLPLogExporter }] = await Promise.all([
    import(`@opentelemetry/exporter-trace-otlp-${protocol}`),
    import(`@opentelemetry/exporter-metrics-otlp-${protocol}`),
    import(`@opentelemetry/exporter-logs-otlp-${protocol}`),
  ]);
  const resource = defaultResource().merge(resourceFromAttributes({ 'service.name': name })).merge(detectResources({ detectors: [envDetector] }));
  const providers = [
    new TracerProvider({
      resource,
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: milliseconds('OTEL_BSP_SCHEDULE_DELAY') })],
    }),
    new MeterProvider({
      resource,
      readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(), ...interval(milliseconds('OTEL_METRIC_EXPORT_INTERVAL')) })],
    }),
    new LoggerProvider({
      resource,
      processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(), scheduledDelayMillis: milliseconds('OTEL_BLRP_SCHEDULE_DELAY') })],
    }),
  ];
  trace.setGlobalTracerProvider(providers[0]);
  metrics.setGlobalMeterProvider(providers[1]);
  logs.setGlobalLoggerProvider(providers[2]);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return async () => {
    const sent = Promise.allSettled(providers.map(provider => provider.shutdown()));
    await Promise.race([sent, new Promise(resolve => { setTimeout(resolve, patience).unref(); })]);
  };
}

const milliseconds = name => Number(process.env[name]) || undefined;

/** The reader wants its time-out within its interval. */
const interval = every => (every ? { exportIntervalMillis: every, exportTimeoutMillis: every } : {});
