import { ApiObject, Chart } from 'cdk8s';
import {
  MeshTelemetry,
  AccessLog,
  MeshedNamespace,
  MeshedService,
  MigrationStage,
  MtlsMigration,
  Peer,
  Port,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import type { Migration } from '../support/migrating-shop';
import { MigratingShop } from '../support/migrating-shop';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, deployment, find, names, thrown } from '../support/mesh-app';
import { onDay } from '../support/on-day';
import { promqlErrors } from '../support/promql';

const { ENROLLED, OBSERVED, STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH } = MigrationStage;
const STAGES = [ENROLLED, OBSERVED, STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH];
const LEGACY = { service: 'billing', ports: ['legacy'], reason: 'a mainframe calls it', until: '2099-12-31' };

// Every stage but the last one says something on stderr.
beforeEach(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

/** The specs of the policies for plain text, by namespace and name. */
function policies(migration: Migration): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    new MigratingShop(migration)
      .objects()
      .filter(({ kind }) => kind === 'PeerAuthentication')
      .map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec]),
  );
}

function podAnnotations(found: readonly Manifest[], name: string): unknown {
  return at(find(found, 'Deployment', name), 'spec', 'template', 'metadata', 'annotations');
}

/** What the one who serves plain text on some ports says, besides its selector. */
const open = (port: number) => ({ portLevelMtls: { [port]: { mode: 'PERMISSIVE' } } });
const STRICT = { mtls: { mode: 'STRICT' } };
const PERMISSIVE = { mtls: { mode: 'PERMISSIVE' } };

test.each(STAGES)('at %s, everything that is emitted is what an API server takes', (stage) => {
  const found = new MigratingShop({ stage, strict: ['cart'], exceptions: [LEGACY] }).objects();
  expect(schemaProblems(found as (Manifest & KubeObject)[])).toEqual([]);
});

test('every stage writes the same onto pods, which names enrolment and the revision, so that only enrolment restarts them', () => {
  const written = STAGES.map((stage) =>
    podAnnotations(new MigratingShop({ stage, strict: ['cart'] }).objects(), 'web'),
  );
  expect(written[0]).toMatchObject({ 'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=default' });
  expect(new Set(written.map((each) => JSON.stringify(each))).size).toBe(1);
});

test('pods of a namespace that does not migrate carry nothing of it', () => {
  expect(Object.keys(podAnnotations(new MigratingShop().objects(), 'web') as object)).not.toContain(
    'cdk8s-mesh.github.io/enrolment',
  );
});

test('the annotation of pods names the revision that injects them', () => {
  const app = new MeshApp({ revisionTag: 'stable' });
  const namespace = new MeshedNamespace(app.chart, 'Namespace', { name: 'shop' });
  new MtlsMigration(app.chart, 'Migration', { namespaces: [namespace], stage: ENROLLED });
  app.service('cart', { namespace });
  expect(podAnnotations(app.objects(), 'cart')).toMatchObject({
    'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=stable',
  });
});

test('a workload of a service is restarted again where an older output says something else of it', () => {
  const app = new MeshApp();
  const namespace = new MeshedNamespace(app.chart, 'Namespace', { name: 'shop' });
  new MtlsMigration(app.chart, 'Migration', { namespaces: [namespace], stage: ENROLLED });
  const annotations = { 'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=before' };
  app.service('cart', { namespace, workload: Workload.of(deployment(app.chart, 'cart', { annotations })) });
  expect(podAnnotations(app.objects(), 'cart')).toMatchObject({
    'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=default',
  });
});

describe('a workload that no service describes', () => {
  const annotated = (props: object, { metadata = {}, spec = {} } = {}, namespace = 'shop') => {
    const app = new MeshApp();
    const meshed = new MeshedNamespace(app.chart, 'Namespace', { name: 'shop' });
    new MtlsMigration(app.chart, 'Migration', { namespaces: [meshed], stage: ENROLLED });
    const template = {
      metadata,
      spec: { containers: [{ name: 'server', image: 'registry.example/other:1' }], ...spec },
    };
    new ApiObject(app.chart, 'Other', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'other', namespace },
      spec: { selector: { matchLabels: { app: 'other' } }, template },
      ...props,
    });
    const other = app.objects().find(({ metadata: { name } }) => name === 'other');
    return at(other ?? {}, 'spec', 'template', 'metadata', 'annotations');
  };
  const LABELS = { labels: { app: 'other' } };
  const NOTE = { 'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=default' };

  it('is restarted with its namespace', () => {
    expect(annotated({}, { metadata: LABELS })).toEqual(NOTE);
    expect(annotated({ kind: 'StatefulSet' }, { metadata: LABELS })).toEqual(NOTE);
  });

  it('is restarted again where an older output says something else of it', () => {
    const older = { 'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=before' };
    expect(annotated({}, { metadata: { ...LABELS, annotations: older } })).toEqual(NOTE);
  });

  it('keeps what it has', () => {
    expect(annotated({}, { metadata: { ...LABELS, annotations: { team: 'a' } } })).toEqual({ team: 'a', ...NOTE });
  });

  it.each([
    ['stands in another namespace', () => annotated({}, { metadata: LABELS }, 'other')],
    ['is a Job, whose pods nobody replaces', () => annotated({ kind: 'Job' }, { metadata: LABELS })],
    [
      'gets no proxy',
      () => annotated({}, { metadata: { labels: { ...LABELS.labels, 'sidecar.istio.io/inject': 'false' } } }),
    ],
    ['is on the network of its node', () => annotated({}, { metadata: LABELS, spec: { hostNetwork: true } })],
  ])('is left alone where it %s', (_, annotations) => {
    expect(annotations()).toBeUndefined();
  });
});

test('the policy of the namespace carries the stage, so that manifests alone tell it', () => {
  const noted = STAGES.map(
    (stage) =>
      new MigratingShop({ stage, strict: ['cart'] })
        .objects()
        .find(
          ({ kind, metadata }) =>
            kind === 'PeerAuthentication' && metadata.namespace === 'shop' && metadata.name === 'default',
        )?.metadata.annotations?.['cdk8s-mesh.github.io/mtls-migration'],
  );
  expect(noted).toEqual(STAGES.map((stage) => `stage=${stage}`));
});

test('nothing but chosen services, then their namespaces, then the mesh refuse plain text', () => {
  const says = (stage: MigrationStage) => policies({ stage, strict: ['cart'] });
  const hook = { 'shop/payment': { selector: { matchLabels: { app: 'payment' } }, ...open(9443) } };
  const cart = { 'shop/cart': { selector: { matchLabels: { app: 'cart' } }, ...STRICT } };
  expect(says(ENROLLED)).toEqual({ 'shop/default': PERMISSIVE });
  expect(says(OBSERVED)).toEqual({ 'shop/default': PERMISSIVE, ...hook });
  expect(says(STRICT_WORKLOADS)).toEqual({ 'shop/default': PERMISSIVE, ...hook, ...cart });
  expect(says(STRICT_NAMESPACES)).toEqual({ 'shop/default': STRICT, ...hook, ...cart });
  expect(says(STRICT_MESH)).toEqual({ 'shop/default': STRICT, ...hook, 'istio-system/default': STRICT });
});

test('nobody needs an identity at any stage: there is no AuthorizationPolicy, NetworkPolicy or Sidecar', () => {
  const kinds = STAGES.flatMap((stage) => new MigratingShop({ stage, strict: ['cart'] }).objects()).map(
    ({ kind }) => kind,
  );
  expect(kinds).toContain('DestinationRule');
  for (const kind of ['AuthorizationPolicy', 'NetworkPolicy', 'Sidecar']) expect(kinds).not.toContain(kind);
});

test('ports that the Kubernetes API may call stay open on a strict service, also when the grant comes later', () => {
  expect(policies({ stage: STRICT_WORKLOADS, strict: ['payment'] })['shop/payment']).toMatchObject({
    ...STRICT,
    ...open(9443),
  });
});

test('an exception of ports is there a stage before anything is refused, and stays the same', () => {
  const said = [OBSERVED, STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH].map(
    (stage) => policies({ stage, strict: ['cart'], exceptions: [LEGACY] })['shop/billing'],
  );
  expect(said[0]).toEqual({ selector: { matchLabels: { app: 'billing' } }, ...open(5000) });
  expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1);
});

test('an exception of a service opens all of its pods', () => {
  const { ports: _, ...whole } = LEGACY;
  expect(policies({ stage: STRICT_MESH, exceptions: [whole] })['shop/billing']).toEqual({
    selector: { matchLabels: { app: 'billing' } },
    ...PERMISSIVE,
  });
});

test('an exception that ends soon is warned of, and one that has ended fails the synth, also before it has an effect', () => {
  const shop = new MigratingShop({ stage: ENROLLED, exceptions: [{ ...LEGACY, until: '2027-01-10' }] });
  const what = 'the exception of port `legacy` of `shop/billing` from mutual TLS (a mainframe calls it)';
  onDay('2027-01-08', () => shop.objects());
  expect(shop.mesh.warnings().join()).toContain(`MESH-SEC-002: ${what} ends with`);
  expect(thrown(() => onDay('2027-01-11', () => shop.objects()))).toContain(`MESH-API-048: ${what} ended with`);
});

test('a workload that somebody else delivers has to carry the annotation', () => {
  const pods = (annotations: { readonly [key: string]: string }) => {
    const app = new MeshApp();
    const namespace = new MeshedNamespace(app.chart, 'Namespace', { name: 'shop' });
    new MtlsMigration(app.chart, 'Migration', { namespaces: [namespace], stage: ENROLLED });
    const external = { kind: 'Deployment', name: 'cart', labels: { app: 'cart' }, serviceAccount: 'cart', annotations };
    app.service('cart', { namespace, workload: Workload.external({ ...external, containerPorts: [8080] }) });
    return app;
  };
  const wanted = { 'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=default' };
  const message = thrown(() => pods({}).objects());
  expect(message).toContain('MESH-API-025');
  expect(message).toContain('cdk8s-mesh.github.io/enrolment: stage=enrolled revision=default');
  expect(message).not.toContain('proxyCPU');
  expect(names(pods(wanted).objects())).toContain('PeerAuthentication default');
  const older = { 'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=before' };
  expect(thrown(() => pods(older).objects())).toContain(
    'cdk8s-mesh.github.io/enrolment: stage=enrolled revision=default',
  );
});

describe('observation', () => {
  const logs = (migration: Migration) =>
    new MigratingShop(migration).objects().filter(({ kind }) => kind === 'Telemetry');

  test('writes down calls that pods get in plain text, from the second stage on', () => {
    expect(logs({ stage: ENROLLED })).toEqual([]);
    const found = STAGES.slice(1).map((stage) => logs({ stage, strict: ['cart'] }));
    expect(found[0]).toMatchObject([
      {
        metadata: { name: 'default', namespace: 'shop' },
        spec: { accessLogging: [{ match: { mode: 'SERVER' }, filter: { expression: '!connection.mtls' } }] },
      },
    ]);
    expect(new Set(found.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  test('leaves the namespace to telemetry of the user, who says so', () => {
    const own = (logPlaintext: boolean) => {
      const shop = new MigratingShop({ stage: OBSERVED, logPlaintext });
      new MeshTelemetry(shop.chart, 'Telemetry', { accessLog: AccessLog.all() });
      return shop.objects().filter(({ kind }) => kind === 'Telemetry');
    };
    expect(thrown(() => own(true))).toContain('MESH-API-111');
    expect(own(false)).toHaveLength(1);
  });

  test('is asked by a command before plain text is watched, and by PromQL for each service afterwards', () => {
    const checks = (stage: MigrationStage) => {
      const { migration } = new MigratingShop({ stage, strict: ['cart'] });
      return migration?.nextChecks() ?? [];
    };
    expect(checks(ENROLLED).map(({ command }) => command?.startsWith('for namespace in shop; do kubectl'))).toEqual([
      true,
    ]);
    const observed = checks(OBSERVED).flatMap(({ query }) => query ?? []);
    for (const name of ['web', 'cart', 'payment', 'billing']) {
      expect(observed.filter((query) => query.includes(`destination_service_name="${name}"`))).toHaveLength(1);
    }
    expect(observed.flatMap(promqlErrors)).toEqual([]);
    const mesh = checks(STRICT_NAMESPACES).at(-1)?.query ?? '';
    expect(promqlErrors(mesh)).toEqual([]);
    expect(mesh).not.toContain('destination_service_name');
    expect(checks(STRICT_MESH)).toEqual([]);
  });

  test('is printed with every synth but the last one', () => {
    const printed = (stage: MigrationStage) => {
      const shop = new MigratingShop({ stage, strict: ['cart'] });
      shop.objects();
      return shop.mesh.warnings().filter((warning) => warning.startsWith('MESH-SEC-005'));
    };
    expect(printed(ENROLLED)).toEqual([expect.stringContaining('before `MigrationStage.OBSERVED`')]);
    expect(printed(STRICT_MESH)).toEqual([]);
  });
});

describe('callers outside the mesh', () => {
  /** A migrating shop with a `cart` that a peer may call. */
  const called = (peer: Peer, stage: MigrationStage, migration: Partial<Migration> = {}, add = (_: Chart) => {}) => {
    const shop = new MigratingShop({ stage, strict: ['cart'], ...migration });
    add(new Chart(shop.app, 'ops', { namespace: 'ops' }));
    shop.get('cart').access.allowFrom(peer);
    return shop;
  };
  const RUNBOOK = Peer.serviceAccount('ops', 'runbook', { podLabels: { app: 'runbook' } });
  const namespace = (labels: { readonly [key: string]: string }) => (chart: Chart) =>
    void new ApiObject(chart, 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ops', labels } });

  test('are an error of the first stage that refuses them, and are told of before', () => {
    const shop = called(RUNBOOK, OBSERVED);
    shop.objects();
    expect(shop.migration?.outsideCallers()).toEqual([
      {
        caller: 'service account `ops/runbook`',
        service: 'shop/cart',
        ports: ['http'],
        reason: expect.stringContaining('`namespacesInMesh`') as string,
      },
    ]);
    expect(shop.mesh.warnings().join('\n')).toContain('service account `ops/runbook` calls `shop/cart`');
    for (const stage of [STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH]) {
      expect(thrown(() => called(RUNBOOK, stage).objects())).toContain('MESH-API-103');
    }
  });

  test('are asked about, too: whether all of their pods have proxies', () => {
    const [rolled] = called(RUNBOOK, OBSERVED).migration?.nextChecks() ?? [];
    expect(rolled?.command).toContain('for namespace in ops shop; do');
  });

  test('are none where a service that is not strict is called', () => {
    expect(called(RUNBOOK, STRICT_WORKLOADS, { strict: ['web'] }).objects()).not.toEqual([]);
  });

  test('are served where an exception says so', () => {
    const exceptions = [{ ...LEGACY, service: 'cart', ports: ['http'] }];
    const shop = called(RUNBOOK, STRICT_NAMESPACES, { exceptions });
    shop.objects();
    expect(shop.mesh.warnings().join('\n')).not.toContain('ops/runbook');
  });

  test('are inside where the user says so, or the label of their namespace, or that of their pods', () => {
    const inside = (add?: (chart: Chart) => void, migration?: Partial<Migration>) =>
      called(RUNBOOK, STRICT_MESH, migration, add).migration?.outsideCallers();
    expect(inside(undefined, { namespacesInMesh: ['ops'] })).toEqual([]);
    expect(inside(namespace({ 'istio-injection': 'enabled' }))).toEqual([]);
    const labels = { app: 'runbook', 'sidecar.istio.io/inject': 'true' };
    expect(
      inside((chart) => deployment(chart, 'runbook', { labels, serviceAccountName: 'runbook', namespace: 'ops' })),
    ).toEqual([]);
  });

  test.each([
    ['the label of its namespace', namespace({}), '`Namespace ops`'],
    [
      'an annotation of its pods',
      (chart: Chart) => {
        namespace({ 'istio-injection': 'enabled' })(chart);
        deployment(chart, 'runbook', {
          serviceAccountName: 'runbook',
          namespace: 'ops',
          annotations: { 'sidecar.istio.io/inject': 'false' },
        });
      },
      '`Deployment ops/runbook` has annotation `sidecar.istio.io/inject: "false"`',
    ],
    [
      'the network of its node',
      (chart: Chart) =>
        void deployment(chart, 'runbook', {
          serviceAccountName: 'runbook',
          namespace: 'ops',
          podSpec: { hostNetwork: true },
        }),
      '`hostNetwork: true`',
    ],
  ])('are known by %s, although the user says otherwise', (_, add, reason) => {
    const migration = { namespacesInMesh: ['ops'] };
    expect(thrown(() => called(RUNBOOK, STRICT_MESH, migration, add).objects())).toContain(reason);
  });

  test('are refused by a zero-trust namespace as well, where manifests say that they are outside', () => {
    const app = new MeshApp();
    const chart = new Chart(app.app, 'ops', { namespace: 'ops' });
    app.service('cart').access.allowFrom(RUNBOOK);
    expect(app.objects()).not.toEqual([]);
    namespace({})(chart);
    expect(thrown(() => app.objects())).toContain('MESH-API-103');
  });

  test('are not services of other apps, unless a manifest says so', () => {
    const from = (add = (_: Chart) => {}) => {
      const shop = new MigratingShop({ stage: STRICT_NAMESPACES });
      const chart = new Chart(shop.app, 'ops', { namespace: 'ops' });
      add(chart);
      const props = { name: 'runbook', namespace: 'ops', serviceAccount: 'runbook', podLabels: { app: 'runbook' } };
      shop.get('cart').access.allowFrom(MeshedService.fromRef(chart, 'Runbook', { ...props, ports: [Port.http(80)] }));
      return shop.objects();
    };
    expect(from()).not.toEqual([]);
    expect(thrown(() => from(namespace({})))).toContain('MESH-API-103');
  });
});

test('probes without an identity fail from the stage on that refuses them', () => {
  const probed = (stage: MigrationStage) => {
    const app = new MeshApp();
    const namespace = new MeshedNamespace(app.chart, 'Namespace', { name: 'shop' });
    const containers = [
      {
        name: 'server',
        image: 'cart:1',
        ports: [{ containerPort: 8080 }],
        readinessProbe: { httpGet: { port: 8080 } },
      },
    ];
    const workload = Workload.of(deployment(app.chart, 'cart', { podSpec: { containers } }));
    const cart = app.service('cart', { namespace, workload, proxy: { rewriteProbes: false } });
    new MtlsMigration(app.chart, 'Migration', { namespaces: [namespace], stage, strict: [cart] });
    return app.objects();
  };
  expect(probed(OBSERVED)).not.toEqual([]);
  expect(thrown(() => probed(STRICT_WORKLOADS))).toContain('MESH-API-123');
});

test('the whole mesh refuses plain text once every namespace of the app does', () => {
  const with2 = (stage: MigrationStage | undefined) => {
    const shop = new MigratingShop({ stage: STRICT_MESH });
    const other = new MeshedNamespace(shop.chart, 'Other', { name: 'other' });
    if (stage !== undefined) new MtlsMigration(shop.chart, 'OtherMigration', { namespaces: [other], stage });
    return shop.objects();
  };
  expect(thrown(() => with2(undefined))).toContain('MESH-API-100: namespace `other`');
  expect(thrown(() => with2(OBSERVED))).toContain('MESH-API-100: namespace `other`');
  expect(names(with2(STRICT_NAMESPACES)).filter((name) => name === 'PeerAuthentication default')).toHaveLength(3);
});

test('the policy of the mesh can stay when all namespaces are zero-trust', () => {
  const app = new MeshApp();
  new ZeroTrustNamespace(app.chart, 'Namespace', { name: 'shop' });
  new MtlsMigration(app.chart, 'Migration', { namespaces: [], stage: STRICT_MESH });
  const policy = app.objects().find(({ metadata }) => metadata.namespace === 'istio-system');
  expect(policy).toMatchObject({ kind: 'PeerAuthentication', spec: STRICT });
});
