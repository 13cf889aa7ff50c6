import { createHash } from 'node:crypto';
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { ServiceMetrics } from '../../intent/metrics';
import type { ServiceIntent } from '../../intent/service';
import type { DashboardKind } from './kinds';
import { DASHBOARDS } from './kinds';
import type { Lines, Query, Row } from './panels';
import { RANGE, dashboardJson } from './panels';

/** A service and how to ask for its traffic. */
export interface MeasuredService {
  readonly service: ServiceIntent;
  readonly metrics: ServiceMetrics;
}

/** A page outside of Grafana that every dashboard links to. */
export interface PageLink {
  readonly title: string;
  readonly url: string;
}

/** One dashboard as JSON. */
export function namespaceDashboard(
  kind: DashboardKind,
  namespace: string,
  measured: readonly MeasuredService[],
  pages: readonly PageLink[],
): string {
  const others = DASHBOARDS.filter((other) => other !== kind).map((other) => ({
    title: titleOf(other, namespace),
    url: `/d/${uidOf(other, namespace)}`,
  }));
  const links = [...others, ...pages].map(({ title, url }) =>
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Link)
      .url(url)
      .keepTime(others.some((o) => o.url === url)),
  );
  return dashboardJson(uidOf(kind, namespace), titleOf(kind, namespace), ROWS[kind](measured), links);
}

const ROWS: Readonly<Record<DashboardKind, (measured: readonly MeasuredService[]) => readonly Row[]>> = {
  services: (measured) =>
    measured
      .filter(({ service }) => service.ports.length > 0)
      .map((one) => ({ title: nameOf(one), panels: serviceLines(one) })),
  edges: (measured) =>
    measured
      .filter(({ service }) => service.ports.length > 0)
      .map((one) => ({ title: nameOf(one), panels: edgeLines(one) })),
  releases: (measured) =>
    measured
      .filter(({ service }) => service.release !== undefined || service.delivery !== undefined)
      .map((one) => ({ title: nameOf(one), panels: releaseLines(one) })),
};

function serviceLines({ service, metrics }: MeasuredService): readonly Lines[] {
  const requests = service.ports.some((port) => port.carriesRequests);
  const connections = service.ports.some((port) => !port.carriesRequests);
  return [
    ...(requests
      ? [
          lines('Requests', 'Requests per second, as callers see them.', 'reqps', [
            { expr: metrics.requests(RANGE), legend: 'all' },
            { expr: metrics.failures(RANGE), legend: 'failed' },
          ]),
          lines('Failures', 'Share of the requests that failed, as callers see them.', 'percentunit', [
            { expr: `${metrics.failures(RANGE)} / ${metrics.requests(RANGE)}`, legend: 'failed' },
          ]),
          lines(
            'Latency',
            'Time in which half, 95% and 99% of the requests are answered.',
            'ms',
            [0.5, 0.95, 0.99].map((quantile) => ({
              expr: metrics.latencyMillis(quantile, RANGE),
              legend: `${quantile * 100}%`,
            })),
          ),
        ]
      : []),
    ...(connections
      ? [
          lines('Connections', 'Connections opened per second.', 'cps', [
            { expr: metrics.connections(RANGE), legend: 'opened' },
          ]),
        ]
      : []),
    ...(service.resilience.outlierDetection === 'off'
      ? []
      : [
          lines('Ejected pods', 'The largest number of pods that one caller sends nothing to.', 'short', [
            { expr: metrics.ejected(RANGE), legend: 'ejected' },
          ]),
        ]),
  ];
}

function edgeLines({ metrics }: MeasuredService): readonly Lines[] {
  const byCaller = '{{source_workload}}.{{source_workload_namespace}}';
  return [
    lines('Declared calls', 'Calls per second by callers that were declared.', 'cps', [
      { expr: metrics.declaredCalls(RANGE), legend: byCaller },
    ]),
    lines('Undeclared calls', 'Calls per second by anybody else, refused or not. This should be empty.', 'cps', [
      { expr: metrics.undeclaredCalls(RANGE), legend: `${byCaller} {{source_principal}}` },
    ]),
    lines('Refused and plaintext calls', 'Calls that were refused, and calls without mutual TLS.', 'short', [
      { expr: metrics.denied(RANGE), legend: `refused: ${byCaller}` },
      { expr: metrics.plaintext(RANGE), legend: `plaintext: ${byCaller}` },
    ]),
  ];
}

/** Metrics have one of these labels. */
const VERSION = '{{destination_version}}{{destination_workload}}';

function releaseLines({ metrics }: MeasuredService): readonly Lines[] {
  const requests = metrics.requestsByVersion(RANGE);
  return [
    lines('Share of each version', 'What each version gets of the requests or connections.', 'percentunit', [
      { expr: `${requests} / on () group_left () sum(${requests})`, legend: VERSION },
    ]),
    lines('Requests of each version', 'Requests or connections per second.', 'cps', [
      { expr: requests, legend: VERSION },
    ]),
    lines('Failures of each version', 'Share of its requests that failed, as the service sees them.', 'percentunit', [
      { expr: `${metrics.failuresByVersion(RANGE)} / ${requests}`, legend: VERSION },
    ]),
  ];
}

function lines(title: string, description: string, unit: Lines['unit'], queries: readonly Query[]): Lines {
  return { title, description, unit, queries };
}

function nameOf({ service }: MeasuredService): string {
  return service.ref.name;
}

function titleOf(kind: DashboardKind, namespace: string): string {
  return `Mesh: ${kind} of ${namespace}`;
}

/** Grafana takes at most 40 characters. */
function uidOf(kind: DashboardKind, namespace: string): string {
  const uid = `mesh-${namespace}-${kind}`;
  return uid.length <= 40 ? uid : `mesh-${createHash('sha256').update(namespace).digest('hex').slice(0, 16)}-${kind}`;
}
