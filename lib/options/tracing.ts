import { Code, MeshError } from '../errors';
import { givenShape } from '../intent/given';
import { requirePrintable } from './metric-tag';

/** Where traces go and what they carry. */
export interface TracingOptions {
  /**
   * Name of a tracing provider of the mesh.
   * @default - the only one that the mesh has
   */
  readonly provider?: string;
  /**
   * Tags with fixed values on every span. They replace those of the namespace or mesh.
   * @default - those of the namespace or mesh
   */
  readonly tags?: { readonly [name: string]: string };
}

/**
 * Which requests become traces. Applications have to pass the trace's headers on: `traceparent` and `tracestate`.
 *
 * @example
 * import { Tracing } from 'cdk8s-mesh';
 * const tracing = Tracing.sampled(5, { provider: 'otel' });
 */
export class Tracing {
  /**
   * A share of the requests that begin here, in percent with at most two decimals. A request that comes with a decision
   * keeps it, so that traces stay whole.
   */
  static sampled(percent: number, options: TracingOptions = {}): Tracing {
    givenShape('options of tracing', options, { provider: 'text?', tags: 'object?' });
    if (!isShare(percent)) {
      throw new MeshError(
        Code.TELEMETRY,
        `\`${percent}\` percent is no share of requests to trace`,
        'use a number from 0 to 100 with at most two decimals',
      );
    }
    for (const [name, value] of Object.entries(options.tags ?? {})) {
      requirePrintable('name of a trace tag', name);
      requirePrintable(`value of trace tag \`${name}\``, value);
    }
    return new Tracing(percent, options);
  }

  /** No spans from these proxies. The trace's headers are still passed on. */
  static off(): Tracing {
    return new Tracing(undefined, {});
  }

  /**
   * Undefined is off.
   * @internal
   */
  readonly _samplingPercent: number | undefined;
  /**
   * @internal
   */
  readonly _options: TracingOptions;

  private constructor(samplingPercent: number | undefined, options: TracingOptions) {
    this._samplingPercent = samplingPercent;
    this._options = options;
  }
}

function isShare(percent: number): boolean {
  return (
    Number.isFinite(percent) && percent >= 0 && percent <= 100 && Number.isInteger(Number((percent * 100).toFixed(6)))
  );
}
