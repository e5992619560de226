import { setTimeout as pause } from 'node:timers/promises';
import type { Attributes, SpanContext, Tracer } from '@opentelemetry/api';

/** One step on the way of a command. */
export interface Span {
  /** W3C Trace Context for what comes of this step; where nothing is traced, that of what it came of. */
  readonly traceparent: string | undefined;
  note(attributes: Attributes): void;
  /** With what went wrong, if it did; of an error no more is told than its code or name. */
  end(error?: unknown): void;
}
export interface Step {
  /** As OpenTelemetry's conventions name it. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  /** What it came of: a W3C traceparent. Without one a trace begins. */
  readonly parent: string | undefined;
  readonly attributes: Attributes;
}
interface Tracing {
  readonly api: typeof import('@opentelemetry/api');
  readonly tracer: Tracer;
}
let tracing: Tracing | undefined;

/** Nobody waits longer for a collector that does not answer. */
const longestFlushMs = 2000;
/** Steps at most that are traced one by one of a batch; the others would tell nothing more. */
const ofBatch = 64;

/**
 * Begins to send traces over OTLP/HTTP, as JSON to `<endpoint>/v1/traces`. Until then steps cost nothing, and nothing of OpenTelemetry is
 * loaded. Its own environment variables hold for the rest: OTEL_EXPORTER_OTLP_HEADERS, OTEL_BSP_….
 */
export async function startTracing(service: string, endpoint: string): Promise<{ stop(): Promise<void> }> {
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'stet' }),
    // Whoever calls decides; who says nothing is traced.
    sampler: new sdk.ParentBasedSampler({ root: new sdk.AlwaysOnSampler() }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: 1000 })],
  });
  tracing = { api, tracer: provider.getTracer('stet') };
  return {
    async stop() {
      tracing = undefined;
      await Promise.race([provider.shutdown(), pause(longestFlushMs, undefined, { ref: false })]);
    },
  };
}

/** Begins a step. */
export function begin(step: Step): Span {
  return tracing ? spanIn(tracing, step) : { traceparent: step.parent, note: nothing, end: nothing };
}
const nothing = () => undefined;

/** Ends a step with the work that it is. */
export async function during<T>(span: Pick<Span, 'end'>, work: Promise<T>): Promise<T> {
  try {
    const done = await work;
    span.end();
    return done;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** Begins a step for each of a batch, as far as they are traced, so many at most; whatever is left out hands on what it came of. */
export function beginAll<T>(
  items: readonly T[],
  stepOf: (item: T) => Step,
): { of(item: T): Span | undefined; end(error?: unknown): void } {
  if (!tracing) return none;
  const steps = items.map((item) => [item, stepOf(item)] as const);
  const traced = steps.filter(([, { parent }]) => parent !== undefined).slice(0, ofBatch);
  const spans = new Map(traced.map(([item, step]) => [item, begin(step)]));
  return {
    of: (item) => spans.get(item),
    end: (error) => {
      for (const span of spans.values()) span.end(error);
    },
  };
}
const none = { of: nothing, end: nothing };

function spanIn({ api, tracer }: Tracing, { name, kind, parent, attributes }: Step): Span {
  const from = contextOf(parent);
  const context = from ? api.trace.setSpanContext(api.ROOT_CONTEXT, from) : api.ROOT_CONTEXT;
  const kinds = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT } as const;
  const ofMessages = { producer: api.SpanKind.PRODUCER, consumer: api.SpanKind.CONSUMER } as const;
  const span = tracer.startSpan(name, { kind: { ...kinds, ...ofMessages }[kind], attributes }, context);
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    note: (more) => {
      span.setAttributes(more);
    },
    end: (error) => {
      if (error !== undefined) {
        span.setStatus({ code: api.SpanStatusCode.ERROR });
        span.setAttribute('error.type', typeOf(error));
      }
      span.end();
    },
  };
}

function typeOf(error: unknown): string {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as Partial<Record<string, unknown>>;
  return [code, name].find((one) => typeof one === 'string') ?? 'unknown';
}

function contextOf(traceparent: string | undefined): SpanContext | undefined {
  const { groups } =
    /^[\da-f]{2}-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})$/.exec(traceparent ?? '') ?? {};
  if (!groups) return undefined;
  const { traceId = '', spanId = '', flags = '' } = groups;
  return { traceId, spanId, traceFlags: parseInt(flags, 16) & 1, isRemote: true };
}
