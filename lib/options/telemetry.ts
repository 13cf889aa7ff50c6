import { Code, MeshError, quoted } from '../errors';
import { givenShape } from '../intent/given';
import { didYouMean } from '../intent/names';
import type { AccessLogIntent, TelemetryIntent, TracingIntent } from '../intent/telemetry';
import type { AccessLog } from './access-log';
import type { MetricTag } from './metric-tag';
import type { Tracing } from './tracing';

/** What proxies tell. What is left out stays as the namespace or the mesh has it. */
export interface TelemetryOptions {
  /**
   * Which calls are written down.
   * @default - as the namespace or the mesh has it
   */
  readonly accessLog?: AccessLog;
  /**
   * Which requests become traces.
   * @default - as the namespace or the mesh has it
   */
  readonly tracing?: Tracing;
  /**
   * Labels of metrics.
   * @default - those of the namespace or the mesh
   */
  readonly metricTags?: MetricTag[];
}

/** Names of the providers that the mesh defines, by what they are for. */
export interface ProviderNames {
  readonly tracing: readonly string[];
  readonly accessLog: readonly string[];
}

/** What the user wants told; refuses providers that the mesh does not define. */
export function telemetryIntent(owner: string, options: TelemetryOptions, names: ProviderNames): TelemetryIntent {
  givenShape(`telemetry of \`${owner}\``, options, {
    accessLog: 'made:_intent?',
    tracing: 'made:_samplingPercent?',
    metricTags: 'made:_intent[]?',
  });
  const { accessLog, tracing } = options;
  const metricTags = (options.metricTags ?? []).map((tag) => tag._intent);
  if (accessLog === undefined && tracing === undefined && metricTags.length === 0) {
    throw new MeshError(
      Code.TELEMETRY,
      `telemetry of \`${owner}\` says nothing`,
      'give it an `accessLog`, `tracing` or `metricTags`',
    );
  }
  const twice = metricTags.find(({ name }, index) => metricTags.findIndex((tag) => tag.name === name) < index);
  if (twice !== undefined) {
    throw new MeshError(
      Code.TELEMETRY,
      `metric tag \`${twice.name}\` of \`${owner}\` is given twice`,
      'give each tag one value',
    );
  }
  return {
    ...(accessLog === undefined ? {} : { accessLog: logged(owner, accessLog._intent, names.accessLog) }),
    ...(tracing === undefined ? {} : { tracing: traced(owner, tracing, names.tracing) }),
    metricTags,
  };
}

function logged(owner: string, intent: AccessLogIntent, known: readonly string[]): AccessLogIntent {
  if (intent.kind !== 'off' && intent.provider !== undefined) {
    requireProvider('access log', 'ACCESS_LOG', owner, intent.provider, known);
  }
  return intent;
}

function traced(owner: string, tracing: Tracing, known: readonly string[]): TracingIntent {
  const { _samplingPercent: samplingPercent, _options: options } = tracing;
  if (samplingPercent === undefined) {
    return { kind: 'off' };
  }
  const provider = options.provider ?? onlyProvider(owner, known);
  requireProvider('tracing', 'TRACING', owner, provider, known);
  return { kind: 'sampled', provider, samplingPercent, tags: options.tags ?? {} };
}

function onlyProvider(owner: string, known: readonly string[]): string {
  const [only, second] = known;
  if (only !== undefined && second === undefined) {
    return only;
  }
  throw new MeshError(
    Code.PROVIDER_UNKNOWN,
    `tracing of \`${owner}\` names no provider, and the mesh has ${quoted(known) || 'none'}`,
    only === undefined
      ? 'add one with `IstioProviderKind.TRACING` to `providers` of the mesh'
      : "name one of them: `Tracing.sampled(…, { provider: '…' })`",
  );
}

function requireProvider(what: string, kind: string, owner: string, name: string, known: readonly string[]): void {
  if (!known.includes(name)) {
    throw new MeshError(
      Code.PROVIDER_UNKNOWN,
      `unknown ${what} provider \`${name}\` of \`${owner}\`, the mesh has ${quoted(known) || 'none'}${didYouMean(name, known)}`,
      `add it to \`providers\` of the mesh with \`IstioProviderKind.${kind}\``,
    );
  }
}
