import type { MeshIntent } from './mesh';
import type { ServiceIntent } from './service';

/** PromQL about one service. A range is written as in PromQL: `5m`. Nothing is what a query without a subject gives. */
export interface ServiceMetrics {
  /** Requests per second, as callers see them. */
  requests(range: string): string;
  /** Failed requests per second, as callers see them. */
  failures(range: string): string;
  /** Duration of requests in milliseconds that a share of them (0 to 1) does not exceed, as callers see them. */
  latencyMillis(quantile: number, range: string): string;
  /** Requests per second of each version, as the service sees them. */
  requestsByVersion(range: string): string;
  /** Failed requests per second of each version. */
  failuresByVersion(range: string): string;
  /** The largest number of endpoints that one caller has ejected. */
  ejected(range: string): string;
  /** Requests that were refused in the range, by caller. */
  denied(range: string): string;
  /** Requests or connections in the range that came without mutual TLS, by caller. */
  plaintext(range: string): string;
  /** Connections that were opened per second. */
  connections(range: string): string;
  /** Requests or connections per second by declared callers, by caller. */
  declaredCalls(range: string): string;
  /** Requests or connections per second by everybody else, by caller. */
  undeclaredCalls(range: string): string;
}

/** A mesh's metrics of a service. */
export type MetricsOf = (service: ServiceIntent, mesh: MeshIntent) => ServiceMetrics;
