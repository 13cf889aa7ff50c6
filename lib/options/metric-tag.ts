import { Code, MeshError, quoted } from '../errors';
import { givenText } from '../intent/given';
import type { MetricTagIntent } from '../intent/telemetry';

/** Labels by which dashboards and alerts of this library ask. */
const NEEDED: readonly string[] = [
  'connection_security_policy',
  'destination_service_name',
  'destination_service_namespace',
  'destination_version',
  'grpc_response_status',
  'reporter',
  'response_code',
  'source_principal',
  'source_workload',
  'source_workload_namespace',
];

/**
 * A label of the metrics of requests. Prometheus keeps one series for each combination of values, so that a label
 * whose values callers choose can bring it down: such labels are called unbounded here.
 *
 * @example
 * import { MetricTag } from 'cdk8s-mesh';
 * const metricTags = [MetricTag.fixed('team', 'checkout'), MetricTag.requestMethod(), MetricTag.without('request_protocol')];
 */
export class MetricTag {
  /** A label with the same value on every metric. */
  static fixed(name: string, value: string): MetricTag {
    return new MetricTag({ kind: 'fixed', name, value: requirePrintable(`value of metric tag \`${name}\``, value) });
  }

  /** The request's method, as the label `request_method`. */
  static requestMethod(): MetricTag {
    return new MetricTag({ kind: 'method', name: 'request_method' });
  }

  /** The host that the caller asked for, as the label `request_host`: one series for each text that callers send. */
  static unboundedRequestHost(): MetricTag {
    return new MetricTag({ kind: 'host', name: 'request_host' });
  }

  /** The path without its query, as the label `request_path`: one series for each text that callers send. */
  static unboundedRequestPath(): MetricTag {
    return new MetricTag({ kind: 'path', name: 'request_path' });
  }

  /** The value of a request's header: one series for each text that callers send. */
  static unboundedHeader(name: string, header: string): MetricTag {
    if (!/^[a-z0-9][-a-z0-9_]*$/.test(header)) {
      throw new MeshError(
        Code.TELEMETRY,
        `header \`${header}\` of metric tag \`${name}\` is not a header in lower case`,
        'write the name of the header in lower case, for example `x-tenant`',
      );
    }
    return new MetricTag({ kind: 'header', name, header });
  }

  /** Leaves a label out, which makes fewer series. Labels by which dashboards and alerts ask are kept. */
  static without(name: string): MetricTag {
    if (NEEDED.includes(name)) {
      throw new MeshError(
        Code.TELEMETRY,
        `metric tag \`${name}\` cannot be left out, since dashboards and alerts ask by it`,
        `leave out others; these are needed: ${quoted(NEEDED)}`,
      );
    }
    return new MetricTag({ kind: 'removed', name });
  }

  /**
   * @internal
   */
  readonly _intent: MetricTagIntent;

  private constructor(intent: MetricTagIntent) {
    const { kind, name } = intent;
    if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) || (kind !== 'removed' && NEEDED.includes(name))) {
      throw new MeshError(
        Code.TELEMETRY,
        NEEDED.includes(name)
          ? `metric tag \`${name}\` is taken: dashboards and alerts ask by it`
          : `metric tag \`${name}\` is not a name that Prometheus accepts`,
        'use a name of its own of letters, digits and `_`, for example `team`',
      );
    }
    this._intent = intent;
  }
}

/** Refuses text that is empty, or that logs and queries cannot show. */
export function requirePrintable(field: string, value: string): string {
  if (/^[\x20-\x7e]+$/.test(givenText(field, value))) {
    return value;
  }
  throw new MeshError(Code.TELEMETRY, `${field} is \`${value}\``, 'use one or more printable ASCII characters');
}
