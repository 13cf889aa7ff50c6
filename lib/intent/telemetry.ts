import type { ServiceRef } from './peer';

/** Which calls a proxy writes down. */
export type AccessLogIntent =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'all' | 'errors';
      /** Where to; undefined is the proxy's own output. */ readonly provider?: string;
    };

/** Which calls become traces. */
export type TracingIntent =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'sampled';
      readonly provider: string;
      readonly samplingPercent: number;
      readonly tags: Readonly<Record<string, string>>;
    };

/** A label of metrics that is added or left out. */
export type MetricTagIntent =
  | { readonly kind: 'fixed'; readonly name: string; readonly value: string }
  | { readonly kind: 'method' | 'host' | 'path' | 'removed'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string; readonly header: string };

/** What proxies tell; what is left out stays as it is one level up: service, namespace, mesh. */
export interface TelemetryIntent {
  readonly accessLog?: AccessLogIntent;
  readonly tracing?: TracingIntent;
  readonly metricTags: readonly MetricTagIntent[];
}

/** Whose proxies tell it. */
export type TelemetryTarget =
  | { readonly kind: 'mesh' }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'service'; readonly service: ServiceRef };

/** What metrics are collected from. */
export type ScrapeTarget =
  | { readonly kind: 'namespace'; readonly namespace: string; readonly applicationMetrics: boolean }
  | { readonly kind: 'ingressGateway' }
  | { readonly kind: 'controlPlane' };

/** How a Prometheus that is run by its operator finds it. */
export interface ScrapeIntent {
  readonly target: ScrapeTarget;
  readonly labels: Readonly<Record<string, string>>;
  readonly intervalMillis?: number;
}

/** What a service promises to its callers. */
export interface Objective {
  readonly successRatePercent: number;
  /** Undefined where the length of requests says nothing, because they may stay open. */
  readonly latency?: { readonly percentile: number; readonly millis: number };
  /** Below this many requests per second, shares say nothing. */
  readonly minRequestsPerSecond: number;
}

/** What Kiali has to know of the mesh itself. */
export interface KialiOfMesh {
  readonly settings: Readonly<Record<string, unknown>>;
  /** What belongs below its `external_services`. */
  readonly externalServices: Readonly<Record<string, unknown>>;
}
