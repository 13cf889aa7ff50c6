import type { Manifest } from '../mesh-app';
import { at, find } from '../mesh-app';
import type { Labels } from '../read-back/objects';
import type { Cluster } from './cluster';

interface CanaryService {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
  readonly portName: string;
  readonly appProtocol: string;
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly timeout?: string;
  readonly retries?: object;
  readonly trafficPolicy?: object;
}

/**
 * What Flagger v1.43 makes of a Canary once the new version has a share: read from its documentation, its router for Istio and
 * Kubernetes (pkg/router) and its controller of Deployments (pkg/canary). It fails where an object that it makes is there already.
 */
export function flagger(
  applied: readonly Manifest[],
  name: string,
  weight: number,
  selectorLabels: readonly string[] = ['app', 'name', 'app.kubernetes.io/name'],
): Cluster {
  const canary = find(applied, 'Canary', name);
  const service = at(canary, 'spec', 'service') as CanaryService;
  const target = find(applied, 'Deployment', String(at(canary, 'spec', 'targetRef', 'name')));
  const namespace = canary.metadata.namespace ?? '';
  const matchLabels = at(target, 'spec', 'selector', 'matchLabels') as Labels;
  const label = selectorLabels.find((key) => matchLabels[key] !== undefined);
  if (label === undefined) throw new Error(`spec.selector.matchLabels must contain one of ${selectorLabels.join()}`);
  const value = matchLabels[label] ?? '';
  const template = at(target, 'spec', 'template') as { metadata: { labels: Labels }; spec: object };
  const podLabels = { ...template.metadata.labels, [label]: `${value}-primary` };
  const primaryName = `${service.name}-primary`;
  const canaryName = `${service.name}-canary`;

  const made = (
    apiVersion: string,
    kind: string,
    objectName: string,
    spec: Readonly<Record<string, unknown>>,
  ): Manifest => ({
    apiVersion,
    kind,
    metadata: { name: objectName, namespace },
    spec,
  });
  const clusterIp = (objectName: string, selector: string) =>
    made('v1', 'Service', objectName, {
      type: 'ClusterIP',
      selector: { [label]: selector },
      ports: [
        {
          name: service.portName,
          protocol: 'TCP',
          port: service.port,
          targetPort: service.targetPort,
          appProtocol: service.appProtocol,
        },
      ],
    });
  const rule = (host: string) =>
    made('networking.istio.io/v1', 'DestinationRule', host, { host, trafficPolicy: service.trafficPolicy });
  const generated = [
    made('apps/v1', 'Deployment', `${target.metadata.name}-primary`, {
      selector: { matchLabels: { [label]: `${value}-primary` } },
      template: { ...template, metadata: { ...template.metadata, labels: podLabels } },
    }),
    clusterIp(service.name, `${value}-primary`),
    clusterIp(primaryName, `${value}-primary`),
    clusterIp(canaryName, value),
    rule(primaryName),
    rule(canaryName),
    made('networking.istio.io/v1', 'VirtualService', service.name, {
      hosts: [...(service.hosts ?? []), service.name],
      gateways: service.gateways ?? ['mesh'],
      http: [
        {
          timeout: service.timeout,
          retries: service.retries,
          route: [
            { destination: { host: primaryName }, weight: 100 - weight },
            { destination: { host: canaryName }, weight },
          ],
        },
      ],
    }),
  ];
  for (const { kind, metadata } of generated) {
    if (applied.some((object) => object.kind === kind && object.metadata.name === metadata.name)) {
      throw new Error(`${kind} ${metadata.name} is Flagger's, and was applied`);
    }
  }
  const serviceAccount = String(at(template, 'spec', 'serviceAccountName'));
  return {
    objects: [...applied, ...generated],
    pods: [
      { version: 'old', namespace, labels: podLabels, serviceAccount },
      { version: 'new', namespace, labels: template.metadata.labels, serviceAccount },
    ],
  };
}
