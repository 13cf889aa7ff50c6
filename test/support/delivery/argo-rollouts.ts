import type { Manifest } from '../mesh-app';
import { at, find } from '../mesh-app';
import type { Labels } from '../read-back/objects';
import type { Cluster, HttpRoute, RouteDestination } from './cluster';
import { httpRoutes, withSpec } from './cluster';

const HASH = 'rollouts-pod-template-hash';

interface Subset {
  readonly name: string;
  readonly labels?: Labels;
}

interface Watched {
  readonly name: string;
  readonly routes: readonly string[];
}

/**
 * What the controller of Argo Rollouts v1.10 does with the objects that a Rollout names, once the new version has a share: read from
 * its documentation and its reconciler for Istio (rollout/trafficrouting/istio). It fails where the controller would.
 */
export function argoRollouts(applied: readonly Manifest[], name: string, weight: number): Cluster {
  const rollout = find(applied, 'Rollout', name);
  const istio = ['spec', 'strategy', 'canary', 'trafficRouting', 'istio'];
  const rule = at(rollout, ...istio, 'destinationRule') as Readonly<Record<string, string>>;
  const [stable = '', canary = ''] = [rule.stableSubsetName, rule.canarySubsetName];
  const one = at(rollout, ...istio, 'virtualService') as Watched | undefined;
  const watched = one === undefined ? (at(rollout, ...istio, 'virtualServices') as readonly Watched[]) : [one];
  const managed = (at(rollout, 'spec', 'strategy', 'canary', 'trafficRouting', 'managedRoutes') ?? []) as readonly {
    name: string;
  }[];
  const deployment = find(applied, 'Deployment', String(at(rollout, 'spec', 'workloadRef', 'name')));
  const destinationRule = find(applied, 'DestinationRule', rule.name ?? '');
  const host = String(at(destinationRule, 'spec', 'host'));

  const objects = applied.map((object): Manifest => {
    const routes = object.kind === 'VirtualService' && watched.find((each) => each.name === object.metadata.name);
    if (routes) {
      const shared = httpRoutes(object).map((route) =>
        routes.routes.includes(route.name ?? '') ? weigh(route, { [stable]: 100 - weight, [canary]: weight }) : route,
      );
      const found = routes.routes.map((route) => shared.filter((each) => each.name === route).length);
      if (found.some((count) => count !== 1))
        throw new Error(`routes ${routes.routes.join()} are found ${found.join()} times`);
      return withSpec(object, 'http', [
        ...managed.map((route) => headerRoute(rollout, route.name, host, canary)),
        ...shared,
      ]);
    }
    if (object === destinationRule) {
      // Subsets that the controller does not know are dropped.
      const subsets = (at(object, 'spec', 'subsets') as readonly Subset[])
        .filter((subset) => [stable, canary].includes(subset.name))
        .map((subset) => ({ ...subset, labels: { ...subset.labels, [HASH]: subset.name === stable ? 'old' : 'new' } }));
      return withSpec(object, 'subsets', subsets);
    }
    return object === deployment && at(rollout, 'spec', 'workloadRef', 'scaleDown') !== 'never'
      ? withSpec(object, 'replicas', 0)
      : object;
  });
  const template = at(deployment, 'spec', 'template');
  return {
    objects,
    pods: (['old', 'new'] as const).map((version) => ({
      version,
      namespace: deployment.metadata.namespace ?? '',
      // What runs was released under another version.
      labels: {
        ...(at(template, 'metadata', 'labels') as Labels),
        ...(version === 'old' ? { version: 'before' } : {}),
        [HASH]: version,
      },
      serviceAccount: String(at(template, 'spec', 'serviceAccountName')),
    })),
  };
}

function weigh(route: HttpRoute, weights: Readonly<Record<string, number>>): HttpRoute {
  const destinations = route.route ?? [];
  const subsets = destinations.map(({ destination }) => destination.subset ?? '');
  const missing = Object.keys(weights).filter((subset) => !subsets.includes(subset));
  if (missing.length > 0) throw new Error(`subset '${missing.join()}' not found in route ${route.name ?? ''}`);
  return {
    ...route,
    // Destinations of other subsets are taken out.
    route: destinations.flatMap((destination): readonly RouteDestination[] => {
      const weight = weights[destination.destination.subset ?? ''];
      return weight === undefined ? [] : [{ ...destination, weight }];
    }),
  };
}

function headerRoute(rollout: Manifest, name: string, host: string, subset: string): HttpRoute {
  interface Step {
    readonly setHeaderRoute?: {
      readonly name: string;
      readonly match: readonly { readonly headerName: string; readonly headerValue: object }[];
    };
  }
  const steps = at(rollout, 'spec', 'strategy', 'canary', 'steps') as readonly Step[];
  const step = steps.map(({ setHeaderRoute }) => setHeaderRoute).find((each) => each?.name === name);
  if (step === undefined) throw new Error(`no step sets the managed route ${name}`);
  return {
    name,
    match: step.match.map(({ headerName, headerValue }) => ({ headers: { [headerName]: headerValue } })),
    route: [{ destination: { host, subset }, weight: 100 }],
  };
}
