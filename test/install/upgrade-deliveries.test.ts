import type { IstioInstallProps } from '../../lib';
import { IstioGatewayRole, IstioProviderKind } from '../../lib';
import type { DeliveryName } from '../support/install/emitted';
import { emitted } from '../support/install/emitted';
import type { EmittedRelease } from '../support/install/emitted-releases';
import { readEmitted } from '../support/install/emitted-releases';
import { STATES } from '../support/upgrading-shop';

/** As a platform team installs it. The Sail operator has no gateways. */
function platform(delivery: DeliveryName): Partial<IstioInstallProps> {
  return {
    tag: 'stable',
    canary: { tag: 'early', namespaces: ['shop-early'] },
    profile: 'stable',
    cni: { namespace: 'kube-system', binFolder: '/home/kubernetes/bin' },
    images: { hub: 'registry.example.com/istio', pullSecrets: ['registry'] },
    controlPlane: { cpuRequest: '750m', maxReplicas: 9 },
    meshConfig: {
      trustDomain: 'prod.example.com',
      providers: [
        { name: 'spans', kind: IstioProviderKind.TRACING, service: 'otel', namespace: 'observability', port: 4317 },
      ],
    },
    values: { istiod: { pilot: { env: { SHAPE: '${a} %{ if b } no 0x1F 1e3' } } } },
    ...(delivery === 'sail'
      ? {}
      : { gateways: [{ name: 'edge', namespace: 'edge', role: IstioGatewayRole.INGRESS, minReplicas: 3 }] }),
  };
}

const TEXTS = new Map<string, string>();

/** What a delivery emits at a state of the upgrade. */
function textAt(delivery: DeliveryName, state: string): string {
  const key = `${delivery} ${state}`;
  const text = TEXTS.get(key) ?? emitted(delivery, { ...platform(delivery), ...STATES[state] });
  TEXTS.set(key, text);
  return text;
}

function releasesAt(delivery: DeliveryName, state: string): readonly EmittedRelease[] {
  return byName(readEmitted(delivery, textAt(delivery, state)).releases);
}

function byName(releases: readonly EmittedRelease[]): readonly EmittedRelease[] {
  return [...releases].sort((one, other) => (one.name < other.name ? -1 : 1));
}

const withoutSteps = (releases: readonly EmittedRelease[]) => releases.map((release) => ({ ...release, step: 0 }));

/** What the operator would give the charts: it has fields of its own for two values. */
const withFields = (releases: readonly EmittedRelease[]) =>
  releases.map(({ name, values, ...release }) => ({
    ...release,
    name,
    values: { ...values, profile: 'stable', revision: name.replace('istiod-', '') },
  }));

const NAMES = Object.keys(STATES);
const OF_CHARTS: readonly DeliveryName[] = ['flux', 'terraform', 'rendered'];

describe.each(NAMES)('at %s', (state) => {
  const argoCd = releasesAt('argoCd', state);

  test('Argo CD installs the control planes that run, what they need, and the gateway', () => {
    const running = argoCd.filter(({ chart }) => chart === 'istiod');
    expect(running).toHaveLength(['before', 'base', 'cni', 'old-removed', 'after'].includes(state) ? 1 : 2);
    expect(argoCd.map(({ chart }) => chart).sort()).toEqual(['base', 'cni', 'gateway', ...running.map(() => 'istiod')]);
    expect(argoCd.every(({ values }) => Object.keys(values).length > 0)).toBe(true);
  });

  test.each(OF_CHARTS)('%s installs the same releases, at the same versions, with the same values', (delivery) => {
    expect(withoutSteps(releasesAt(delivery, state))).toEqual(withoutSteps(argoCd));
  });

  test.each(['flux', 'terraform'] as const)('%s installs them in the same order', (delivery) => {
    const order = (releases: readonly EmittedRelease[]) => releases.map(({ name, step }) => `${step} ${name}`);
    expect(order(releasesAt(delivery, state))).toEqual(order(argoCd));
  });
});

// The operator installs no gateways, so that this stage is none for it.
test.each(NAMES.filter((state) => state !== 'gateways'))(
  'at %s, the Sail operator installs the same control planes, at the same versions, with the same values',
  (state) => {
    const controlPlanes = releasesAt('argoCd', state).filter(({ chart }) => chart === 'istiod');
    expect(withFields(releasesAt('sail', state))).toEqual(
      controlPlanes.map((release) => ({ ...release, step: undefined })),
    );
  },
);

test('Argo CD installs in four steps', () => {
  expect(releasesAt('argoCd', 'tags').map(({ name, step }) => `${step} ${name}`)).toEqual([
    '3 edge',
    '0 istio-base',
    '1 istio-cni',
    '2 istiod-1-29-4',
    '2 istiod-1-30-3',
  ]);
});

/** The places of all values that are no maps and no lists. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

test.each([...OF_CHARTS, 'argoCd', 'sail'] as const)(
  'by %s, every value that were another one would be seen',
  (delivery) => {
    const text = readEmitted(delivery, textAt(delivery, 'before'));
    const read = () => JSON.stringify(byName(readEmitted(delivery, text.print()).releases));
    const before = JSON.stringify(releasesAt(delivery, 'before'));
    expect(read()).toBe(before);
    const places = text.releases.flatMap(({ values }) => leaves(values).map((path) => ({ values, path })));
    expect(places.length).toBeGreaterThan(20);
    for (const { values, path } of places) {
      const parent = path.slice(0, -1).reduce((tree, step) => tree[step] as typeof values, values);
      const last = path.at(-1) ?? '';
      const value = parent[last];
      parent[last] = 'another';
      expect({ path, seen: read() !== before }).toEqual({ path, seen: true });
      parent[last] = value;
    }
  },
);
