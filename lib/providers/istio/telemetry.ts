import type { TelemetrySpec, TelemetrySpecMetricsOverridesTagOverrides } from '../../../imports/telemetry.istio.io';
import type { Labels } from '../../intent/names';
import type { AccessLogIntent, MetricTagIntent, TelemetryIntent, TracingIntent } from '../../intent/telemetry';

/** Istio's provider for the output of the proxy's own container, which every mesh has. */
const PROXY_OUTPUT = 'envoy';
/** Istio's provider of metrics, which every mesh has. */
const PROMETHEUS = 'prometheus';

/**
 * Failed requests, requests that got no answer, and every connection without requests. gRPC fails with code 200 and a
 * status, which proxies make up for other requests: hence the content type.
 */
const ERRORS =
  '!has(response.code) || response.code >= 400 || ' +
  "(request.headers['content-type'].startsWith('application/grpc') && response.grpc_status != 0)";

/** Spec of the Telemetry of the pods with these labels; of all pods of its namespace without them. */
export function telemetrySpec(telemetry: TelemetryIntent, podLabels: Labels | undefined): TelemetrySpec {
  const { accessLog, tracing, metricTags } = telemetry;
  return {
    ...(podLabels === undefined ? {} : { selector: { matchLabels: { ...podLabels } } }),
    ...(accessLog === undefined ? {} : { accessLogging: [accessLogging(accessLog)] }),
    ...(tracing === undefined ? {} : { tracing: [tracingRule(tracing)] }),
    ...(metricTags.length === 0 ? {} : { metrics: [metrics(metricTags)] }),
  };
}

/** Spec of the Telemetry by which pods of a namespace write down the calls that they get in plain text. */
export function plaintextLogSpec(): TelemetrySpec {
  return {
    accessLogging: [
      {
        disabled: false,
        // What their own applications send them is plain text, too.
        match: { mode: 'SERVER' },
        providers: [{ name: PROXY_OUTPUT }],
        filter: { expression: '!connection.mtls' },
      },
    ],
  };
}

function accessLogging(accessLog: AccessLogIntent): NonNullable<TelemetrySpec['accessLogging']>[number] {
  if (accessLog.kind === 'off') {
    return { disabled: true };
  }
  return {
    // Said outright, since a level above may have turned it off.
    disabled: false,
    providers: [{ name: accessLog.provider ?? PROXY_OUTPUT }],
    ...(accessLog.kind === 'errors' ? { filter: { expression: ERRORS } } : {}),
  };
}

function tracingRule(tracing: TracingIntent): NonNullable<TelemetrySpec['tracing']>[number] {
  if (tracing.kind === 'off') {
    return { disableSpanReporting: true };
  }
  const tags = Object.entries(tracing.tags).map(([name, value]) => [name, { literal: { value } }] as const);
  return {
    disableSpanReporting: false,
    providers: [{ name: tracing.provider }],
    randomSamplingPercentage: tracing.samplingPercent,
    ...(tags.length === 0 ? {} : { customTags: Object.fromEntries(tags) }),
  };
}

function metrics(tags: readonly MetricTagIntent[]): NonNullable<TelemetrySpec['metrics']>[number] {
  return {
    providers: [{ name: PROMETHEUS }],
    overrides: [{ tagOverrides: Object.fromEntries(tags.map((tag) => [tag.name, tagOverride(tag)])) }],
  };
}

function tagOverride(tag: MetricTagIntent): TelemetrySpecMetricsOverridesTagOverrides {
  switch (tag.kind) {
    case 'fixed':
      return { value: celString(tag.value) };
    case 'method':
      return { value: 'request.method' };
    case 'host':
      return { value: 'request.host' };
    case 'path':
      return { value: 'request.url_path' };
    case 'header':
      return { value: `request.headers[${celString(tag.header)}]` };
    case 'removed':
      return { operation: 'REMOVE' };
  }
}

function celString(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
