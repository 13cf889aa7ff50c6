import { fieldAt, stringMap } from '../../lib/manifests/objects';
import type { KubeObject } from '../../lib/testing';

type Labels = Readonly<Record<string, string>>;

/** A chart that is installed, as an Application or a HelmRelease says it. */
export interface InstalledChart {
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Expression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

interface Selector {
  readonly matchExpressions: readonly Expression[];
}

/** A webhook that injects pods, and the Service that it asks. */
export interface Injector {
  readonly name: string;
  readonly service: string;
  readonly namespaceSelector: Selector;
  readonly objectSelector: Selector;
}

/** The charts that objects have installed. */
export function installedCharts(objects: readonly KubeObject[]): readonly InstalledChart[] {
  return objects.flatMap((object) => {
    const name = object.metadata?.name ?? '';
    if (object.kind === 'Application') {
      const source = fieldAt(object, 'spec', 'source');
      return [
        chartOf(
          name,
          fieldAt(source, 'chart'),
          fieldAt(source, 'targetRevision'),
          fieldAt(source, 'helm', 'valuesObject'),
        ),
      ];
    }
    if (object.kind === 'HelmRelease') {
      const spec = fieldAt(object, 'spec', 'chart', 'spec');
      return [chartOf(name, fieldAt(spec, 'chart'), fieldAt(spec, 'version'), fieldAt(object, 'spec', 'values'))];
    }
    return [];
  });
}

function chartOf(name: string, chart: unknown, version: unknown, values: unknown): InstalledChart {
  return { name, chart: String(chart), version: String(version), values: (values ?? {}) as InstalledChart['values'] };
}

/** The webhooks that inject: those that each istiod brings, and the tags. */
export function injectors(objects: readonly KubeObject[]): readonly Injector[] {
  const own = installedCharts(objects)
    .filter(({ chart }) => chart === 'istiod')
    .flatMap(({ name, values: { revision } }) =>
      typeof revision === 'string' ? ofRevision(name, revision) : [...ofRevision(name, 'default'), ...ofDefault(name)],
    );
  const tags = objects
    .filter(({ kind }) => kind === 'MutatingWebhookConfiguration')
    .flatMap(({ webhooks }) => webhooks as readonly object[])
    .map((webhook) => ({
      ...(webhook as Injector),
      service: String(fieldAt(webhook, 'clientConfig', 'service', 'name')),
    }));
  return [...own, ...tags];
}

/** What istiod with a revision brings, as Istio documents it: by the namespace, or by the pod where the namespace says nothing. */
function ofRevision(service: string, revision: string): readonly Injector[] {
  const own: Expression = { key: 'istio.io/rev', operator: 'In', values: [revision] };
  const noRevision: Expression = { key: 'istio.io/rev', operator: 'DoesNotExist' };
  const noInjection: Expression = { key: 'istio-injection', operator: 'DoesNotExist' };
  const notOut: Expression = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };
  return [
    {
      name: 'rev.namespace',
      service,
      namespaceSelector: { matchExpressions: [own, noInjection] },
      objectSelector: { matchExpressions: [notOut] },
    },
    {
      name: 'rev.object',
      service,
      namespaceSelector: { matchExpressions: [noRevision, noInjection] },
      objectSelector: { matchExpressions: [notOut, own] },
    },
  ];
}

/** What istiod without a revision brings beside that: by the labels that are older than revisions. */
function ofDefault(service: string): readonly Injector[] {
  const enabled: Expression = { key: 'istio-injection', operator: 'In', values: ['enabled'] };
  const noRevision: Expression = { key: 'istio.io/rev', operator: 'DoesNotExist' };
  const noInjection: Expression = { key: 'istio-injection', operator: 'DoesNotExist' };
  const notOut: Expression = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };
  const optsIn: Expression = { key: 'sidecar.istio.io/inject', operator: 'In', values: ['true'] };
  return [
    {
      name: 'namespace',
      service,
      namespaceSelector: { matchExpressions: [enabled] },
      objectSelector: { matchExpressions: [notOut] },
    },
    {
      name: 'object',
      service,
      namespaceSelector: { matchExpressions: [noInjection, noRevision] },
      objectSelector: { matchExpressions: [optsIn, noRevision] },
    },
  ];
}

/** Those that inject pods with these labels in a namespace with those. */
export function injecting(all: readonly Injector[], namespace: Labels, pod: Labels): readonly Injector[] {
  return all.filter(
    ({ namespaceSelector, objectSelector }) => selects(namespaceSelector, namespace) && selects(objectSelector, pod),
  );
}

function selects({ matchExpressions }: Selector, labels: Labels): boolean {
  return matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
    }
  });
}

/** Labels at a place of an object. */
export function labelsAt(object: KubeObject, ...path: readonly string[]): Labels {
  return stringMap(fieldAt(object, ...path, 'metadata', 'labels'));
}
