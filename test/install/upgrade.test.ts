import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart, Yaml } from 'cdk8s';
import type { IstioInstallProps } from '../../lib';
import {
  Delivery,
  IstioInstall,
  IstioRevisionTags,
  IstioUpgradeStage,
  MeshApp,
  MeshedService,
  Workload,
} from '../../lib';
import { fieldAt } from '../../lib/manifests/objects';
import { stageProblems } from '../../lib/providers/istio/stages/stage';
import { PROXY_NOTE, UPGRADE_NOTE } from '../../lib/providers/istio/upgrade-stage';
import type { KubeObject } from '../../lib/testing';
import { findObject, schemaProblems, synthesize } from '../../lib/testing';
import { formatDiff } from '../../scripts/examples/format-diff';
import { diffObjects } from '../../scripts/examples/object-diff';
import { injecting, injectors, installedCharts, labelsAt } from '../support/injection';
import { deployment, printed } from '../support/mesh-app';
import { promqlErrors } from '../support/promql';
import { NEW, OLD, STATES, UpgradingShop, upgradedObjects } from '../support/upgrading-shop';

const NAMES = Object.keys(STATES);
const DELIVERIES = { argoCd: Delivery.argoCd(), flux: Delivery.flux() };
const OUTPUTS = Object.fromEntries(
  Object.entries(DELIVERIES).map(([name, delivery]) => [name, upgradedObjects({ delivery })]),
);

function at(name: string, delivery = 'argoCd'): readonly KubeObject[] {
  const objects = OUTPUTS[delivery]?.get(name);
  if (objects === undefined) throw new Error(`there is no state ${name}`);
  return objects;
}

function standing(objects: readonly KubeObject[]) {
  return objects.map((object) => ({ object, place: `${object.kind} ${object.metadata?.name ?? ''}` }));
}

/** The same from a control plane that has no revision. */
const UNNAMED = Object.fromEntries(
  Object.entries(STATES).map(([name, state]) => [
    name,
    new UpgradingShop({ props: { ...state, ...(name === 'after' ? {} : { revision: undefined }) } }).objects(),
  ]),
);

const CASES = [
  ...Object.keys(DELIVERIES).flatMap((delivery) =>
    NAMES.map((name) => ({ how: `by ${delivery}`, name, objects: at(name, delivery) })),
  ),
  ...NAMES.map((name) => ({ how: 'from no revision', name, objects: UNNAMED[name] ?? [] })),
];

describe.each(CASES)('$how, at $name', ({ objects }) => {
  const all = injectors(objects);
  const running = installedCharts(objects)
    .filter(({ chart }) => chart === 'istiod')
    .map((chart) => chart.name);

  test('each namespace of the mesh is injected by exactly one webhook, whose istiod runs', () => {
    const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
    expect(namespaces).toHaveLength(2);
    for (const namespace of namespaces) {
      const found = injecting(all, labelsAt(namespace), {});
      expect(found.map(({ service }) => service)).toHaveLength(1);
      expect(running).toContain(found[0]?.service);
    }
  });

  test('each gateway is injected by exactly one webhook, whose istiod is of the release of its chart', () => {
    const gateways = installedCharts(objects).filter(({ chart }) => chart === 'gateway');
    expect(gateways).toHaveLength(1);
    for (const { values, version } of gateways) {
      const { revision } = values;
      const labels = {
        'sidecar.istio.io/inject': 'true',
        ...(typeof revision === 'string' ? { 'istio.io/rev': revision } : {}),
      };
      const [found, ...others] = injecting(all, {}, labels);
      expect(others).toEqual([]);
      expect(running).toContain(found?.service);
      expect(installedCharts(objects)).toContainEqual(expect.objectContaining({ name: found?.service, version }));
    }
  });

  test('the validator asks an istiod that runs', () => {
    const [base] = installedCharts(objects).filter(({ chart }) => chart === 'base');
    const revision = String(base?.values['defaultRevision']);
    expect(running).toContain(revision === 'default' ? 'istiod' : `istiod-${revision}`);
  });

  test('every object is valid by its schema', () => {
    expect(schemaProblems(objects)).toEqual([]);
  });
});

test('the injectors of this test tell pods that opt out, and namespaces of nobody', () => {
  const all = injectors(at('before'));
  expect(injecting(all, { 'istio.io/rev': 'stable' }, { 'sidecar.istio.io/inject': 'false' })).toEqual([]);
  expect(injecting(all, { 'istio.io/rev': 'nobody' }, {})).toEqual([]);
  expect(injecting(all, { 'istio.io/rev': 'stable', 'istio-injection': 'enabled' }, {})).toEqual([]);
});

test.each(NAMES)('from %s, one change goes to its neighbours only', (name) => {
  const allowed = NAMES.filter((to) => stageProblems(standing(at(name)), standing(at(to))).length === 0);
  const index = NAMES.indexOf(name);
  expect(allowed).toEqual(NAMES.slice(Math.max(index - 1, 0), index + 2));
});

/** The step to a state, without the annotation that says where the upgrade is. */
function stepTo(name: string, delivery: string): string {
  const [before, after] = [NAMES[NAMES.indexOf(name) - 1] ?? '', name].map((state) =>
    at(state, delivery).map((object) => withoutNote(object)),
  );
  return formatDiff(diffObjects(before ?? [], after ?? []));
}

function withoutNote(object: KubeObject): KubeObject {
  const { [UPGRADE_NOTE]: _, ...annotations } = object.metadata?.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}

const ARGO = 'argoproj.io/v1alpha1 Application argocd';
const TAG = (name: string) =>
  [
    `~ admissionregistration.k8s.io/v1 MutatingWebhookConfiguration istio-revision-tag-${name}`,
    '    metadata.labels["istio.io/rev"]',
    '    webhooks[0].clientConfig.service.name',
    '    webhooks[1].clientConfig.service.name',
  ].join('\n');
const RESTART = (namespace: string) =>
  `~ apps/v1 Deployment ${namespace}/cart\n    spec.template.metadata.annotations["cdk8s-mesh.github.io/proxy-revision"]`;

test.each([
  ['base', `~ ${ARGO}/istio-base\n    spec.source.targetRevision`],
  ['cni', `~ ${ARGO}/istio-cni\n    spec.source.targetRevision`],
  ['control-plane', `+ ${ARGO}/istiod-1-30-3`],
  ['canary', `${TAG('early')}\n${RESTART('shop-early')}`],
  ['tags', TAG('stable')],
  ['gateways', `~ ${ARGO}/istio-ingress\n    spec.source.helm.valuesObject.revision\n    spec.source.targetRevision`],
  ['workloads', RESTART('shop')],
  ['default-revision', `~ ${ARGO}/istio-base\n    spec.source.helm.valuesObject.defaultRevision`],
  ['old-removed', `- ${ARGO}/istiod-1-29-4`],
  ['after', 'no object changed'],
])('the step to %s changes what it names, and nothing else', (name, diff) => {
  expect(stepTo(name, 'argoCd')).toBe(diff);
});

test.each(NAMES.slice(1))('the step to %s changes as many objects by Flux as by Argo CD', (name) => {
  const changed = (delivery: string) =>
    stepTo(name, delivery)
      .split('\n')
      .filter((line) => !line.startsWith(' '))
      .map((line) => line.split(/[ /]/).at(-1));
  expect(changed('flux')).toEqual(changed('argoCd'));
});

test('an upgrade that has ended is the install of the new version', () => {
  expect(at('after')).not.toEqual(at('before'));
  expect(at('old-removed').map(withoutNote)).toEqual(at('after').map(withoutNote));
});

test('stages at which nothing would change are left out', () => {
  const props = { cni: undefined, canary: undefined, gateways: [] };
  const state = (stage: IstioUpgradeStage) =>
    standing(new UpgradingShop({ props: { ...props, upgrade: { ...NEW, stage } } }).objects());
  const [base, plane, tags, workloads] = [
    IstioUpgradeStage.BASE,
    IstioUpgradeStage.CONTROL_PLANE,
    IstioUpgradeStage.TAGS,
    IstioUpgradeStage.WORKLOADS,
  ].map(state);
  expect(stageProblems(base ?? [], plane ?? [])).toEqual([]);
  expect(stageProblems(plane ?? [], tags ?? [])).toEqual([]);
  expect(stageProblems(tags ?? [], workloads ?? [])).toEqual([]);
  expect(stageProblems(base ?? [], tags ?? [])).toHaveLength(1);
});

test.each(NAMES)('from %s of an upgrade from no revision, one change goes to its neighbours only', (name) => {
  const from = standing(UNNAMED[name] ?? []);
  const allowed = NAMES.filter((to) => stageProblems(from, standing(UNNAMED[to] ?? [])).length === 0);
  const index = NAMES.indexOf(name);
  expect(allowed).toEqual(NAMES.slice(Math.max(index - 1, 0), index + 2));
});

describe('beside the stages', () => {
  const retargeted = (stage: IstioUpgradeStage, version: string, revision: string) =>
    standing(new UpgradingShop({ props: { upgrade: { version, revision, stage } } }).objects());

  test('another target may be chosen at the first one, and at no later one', () => {
    const other = retargeted(IstioUpgradeStage.BASE, '1.30.2', '1-30-2');
    expect(stageProblems(other, standing(at('base')))).toEqual([]);
    const later = retargeted(IstioUpgradeStage.CNI, '1.30.2', '1-30-2');
    expect(stageProblems(later, standing(at('cni')))).toHaveLength(1);
  });

  test('the next upgrade may follow an upgrade that has ended', () => {
    const next = standing(
      new UpgradingShop({
        props: { ...NEW, upgrade: { version: '1.31.0', revision: '1-31-0', stage: IstioUpgradeStage.BASE } },
      }).objects(),
    );
    expect(stageProblems(standing(at('old-removed')), next)).toEqual([]);
    expect(stageProblems(standing(at('after')), next)).toEqual([]);
    expect(stageProblems(standing(at('default-revision')), next)).toHaveLength(1);
  });

  const withTags = (props: Partial<IstioInstallProps>) => standing(new UpgradingShop({ props }).objects());
  const jumps = (from: Partial<IstioInstallProps>, to: Partial<IstioInstallProps>) =>
    stageProblems(withTags(from), withTags(to)).map(({ code }) => code);
  const upgrade = { ...NEW, stage: IstioUpgradeStage.TAGS };
  const further = { furtherTags: ['prod'] };

  test('a tag may come at any time, and goes only while nothing is upgraded', () => {
    expect(jumps({ upgrade }, { upgrade, ...further })).toEqual([]);
    expect(jumps({ upgrade, ...further }, { upgrade })).toEqual(['MESH-API-171']);
    expect(jumps({}, further)).toEqual([]);
    expect(jumps(further, {})).toEqual([]);
  });

  test('a tag is renamed in three changes, and in no fewer', () => {
    const both = { tag: 'prod', furtherTags: ['stable'] };
    expect(jumps({}, further)).toEqual([]);
    expect(jumps(further, both)).toEqual([]);
    expect(jumps(both, { tag: 'prod' })).toEqual([]);
    expect(jumps({}, { tag: 'prod' })).toEqual(['MESH-API-188']);
    expect(jumps({}, both)).toEqual(['MESH-API-188']);
    expect(jumps(further, { tag: 'prod' })).toEqual(['MESH-API-188']);
  });

  test('canaries cease to come first in two changes', () => {
    const none = { canary: undefined };
    expect(jumps({}, { ...none, furtherTags: ['early'] })).toEqual([]);
    expect(jumps({ ...none, furtherTags: ['early'] }, none)).toEqual([]);
    expect(jumps({}, none)).toEqual(['MESH-API-188']);
  });

  test('namespaces that followed the control plane without a revision may follow a tag that is there', () => {
    const untagged = { revision: undefined, tag: undefined, canary: undefined };
    const tagged = { revision: undefined };
    expect(jumps({ ...untagged, furtherTags: ['stable', 'early'] }, tagged)).toEqual([]);
    expect(jumps({ ...untagged, furtherTags: ['early'] }, tagged)).toEqual(['MESH-API-188']);
  });

  test('namespaces that followed a revision may follow a tag that is there', () => {
    const untagged = { tag: undefined, canary: undefined, furtherTags: ['stable', 'early'] };
    expect(jumps(untagged, {})).toEqual([]);
    expect(jumps({ ...untagged, furtherTags: ['early'] }, {})).toEqual(['MESH-API-188']);
  });

  test('more namespaces may come early while the upgrade is at the canaries, and pods of no others restart', () => {
    const at = (...namespaces: string[]) => ({
      canary: { tag: 'early', namespaces },
      upgrade: { ...NEW, stage: IstioUpgradeStage.CANARY },
    });
    const objects = (...namespaces: string[]) =>
      new UpgradingShop({ props: at(...namespaces) }).objects().map(withoutNote);
    expect(jumps(at('shop-early'), at('shop-early', 'shop'))).toEqual([]);
    expect(formatDiff(diffObjects(objects('shop-early'), objects('shop-early', 'shop')))).toBe(
      [RESTART('shop'), '~ v1 Namespace shop\n    metadata.labels["istio.io/rev"]'].join('\n'),
    );
  });

  test('an upgrade that is under way stands on tags that were there', () => {
    const now = withTags({ upgrade });
    const nobody = now.filter(({ object }) => object.kind !== 'MutatingWebhookConfiguration');
    expect(stageProblems(nobody, now).map(({ code }) => code)).toEqual(['MESH-API-171']);
    expect(stageProblems([], now)).toEqual([]);
    const first = withTags({ upgrade: { ...NEW, stage: IstioUpgradeStage.BASE } });
    expect(stageProblems(nobody, first)).toEqual([]);
  });

  test('one error names every tag that jumps', () => {
    const problems = stageProblems(standing(at('base')), standing(at('tags')));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('istio-revision-tag-early');
    expect(problems[0]?.message).toContain('istio-revision-tag-stable');
    expect(problems[0]?.fix).toContain('IstioUpgradeStage.CNI');
  });
});

test('the stage before is read from what was synthesized', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
  try {
    writeFileSync(
      join(folder, 'istio.yaml'),
      at('base')
        .map((object) => Yaml.stringify(object))
        .join('---\n'),
    );
    const shop = (stage: IstioUpgradeStage) =>
      new UpgradingShop({ previous: folder, props: { upgrade: { ...NEW, stage } } });
    expect(() => shop(IstioUpgradeStage.CNI).objects()).not.toThrow();
    expect(() => shop(IstioUpgradeStage.TAGS).objects()).toThrow(/MESH-API-171.*from `IstioUpgradeStage.BASE`/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('what to look at', () => {
  test.each(Object.values(IstioUpgradeStage))('at %s there is something, and it is printed', (stage) => {
    const shop = new UpgradingShop({ props: { upgrade: { ...NEW, stage } } });
    const checks = shop.install.nextChecks();
    expect(checks.length).toBeGreaterThan(0);
    for (const { command, query } of checks) {
      expect([command, query].filter((one) => one !== undefined)).toHaveLength(1);
      if (query !== undefined) expect(promqlErrors(query)).toEqual([]);
      if (command !== undefined) expect(spawnSync('sh', ['-n', '-c', command]).status).toBe(0);
    }
    const text = printed(() => synthesize(shop.app));
    expect(text).toContain('MESH-API-173');
    expect(text).toContain(checks[0]?.command);
  });

  test('nothing where nothing is upgraded', () => {
    const shop = new UpgradingShop();
    expect(shop.install.nextChecks()).toEqual([]);
    expect(printed(() => synthesize(shop.app))).toBe('');
  });
});

test('what comes first in an upgrade restarts first, and the rest of the app knows the old version until all have restarted', () => {
  const propsAt = (stage: IstioUpgradeStage) =>
    new UpgradingShop({ props: { upgrade: { ...NEW, stage } } }).install.meshProps;
  expect(propsAt(IstioUpgradeStage.CANARY)).toMatchObject({
    version: OLD.version,
    revisionTag: 'stable',
    proxyRevision: '1-29-4',
    canary: { tag: 'early', namespaces: ['shop-early'], proxyRevision: '1-30-3' },
  });
  expect(propsAt(IstioUpgradeStage.WORKLOADS)).toMatchObject({ version: OLD.version, proxyRevision: '1-30-3' });
  expect(propsAt(IstioUpgradeStage.OLD_REMOVED)).toMatchObject({ version: NEW.version });
});

test('pods that no service describes restart with the others of their namespace', () => {
  const shop = new UpgradingShop({ props: { upgrade: { ...NEW, stage: IstioUpgradeStage.CANARY } } });
  for (const namespace of ['shop', 'shop-early', 'elsewhere']) {
    deployment(new Chart(shop.app, `more-${namespace}`, { namespace }), 'batch');
  }
  const objects = shop.objects();
  const revision = (namespace: string) =>
    fieldAt(findObject(objects, 'Deployment', 'batch', namespace), 'spec', 'template', 'metadata', 'annotations');
  expect(revision('shop')).toEqual({ 'cdk8s-mesh.github.io/proxy-revision': '1-29-4' });
  expect(revision('shop-early')).toEqual({ 'cdk8s-mesh.github.io/proxy-revision': '1-30-3' });
  expect(revision('elsewhere')).toBeUndefined();
});

test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'])(
  'a %s restarts when its stage comes, and at no other',
  (kind) => {
    const revision = (name: string) => {
      const shop = new UpgradingShop({ props: STATES[name] ?? {} });
      for (const namespace of ['shop', 'shop-early']) {
        new ApiObject(new Chart(shop.app, `more-${namespace}`, { namespace }), 'Workload', {
          apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
          kind,
          metadata: { name: 'batch' },
          spec: {
            selector: { matchLabels: { app: 'batch' } },
            template: {
              metadata: { labels: { app: 'batch' } },
              spec: { containers: [{ name: 'batch', image: 'batch:1' }] },
            },
          },
        });
      }
      const objects = shop.objects();
      return ['shop', 'shop-early'].map((namespace) =>
        fieldAt(
          findObject(objects, kind, 'batch', namespace),
          'spec',
          'template',
          'metadata',
          'annotations',
          PROXY_NOTE,
        ),
      );
    };
    const [last, early] = [NAMES.indexOf('workloads'), NAMES.indexOf('canary')];
    expect(NAMES.map(revision)).toEqual(
      NAMES.map((_, index) => [index < last ? '1-29-4' : '1-30-3', index < early ? '1-29-4' : '1-30-3']),
    );
  },
);

test('a Job keeps its template, which the API server would refuse to change', () => {
  const shop = new UpgradingShop({ props: { upgrade: { ...NEW, stage: IstioUpgradeStage.CANARY } } });
  const chart = new Chart(shop.app, 'more', { namespace: 'shop-early' });
  const job = new ApiObject(chart, 'Job', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'import' },
    spec: {
      template: {
        metadata: { labels: { app: 'import' }, annotations: { 'sidecar.istio.io/nativeSidecar': 'true' } },
        spec: { containers: [{ name: 'import', image: 'import:1' }], restartPolicy: 'Never' },
      },
    },
  });
  new MeshedService(chart, 'Import', { name: 'import', ports: [], workload: Workload.of(job) });
  const found = findObject(shop.objects(), 'Job', 'import', 'shop-early');
  const annotations = fieldAt(found, 'spec', 'template', 'metadata', 'annotations');
  expect(annotations).toHaveProperty(['sidecar.istio.io/proxyCPU']);
  expect(annotations).not.toHaveProperty(['cdk8s-mesh.github.io/proxy-revision']);
});

test('what the upgrade says of the new control plane holds for it alone', () => {
  const values = (objects: readonly KubeObject[], name: string) =>
    installedCharts(objects).find((chart) => chart.name === name)?.values;
  const objects = new UpgradingShop({
    props: {
      meshConfig: { trustDomain: 'prod.example.com' },
      upgrade: {
        ...NEW,
        stage: IstioUpgradeStage.CONTROL_PLANE,
        profile: 'compatibility-version-1.29',
        meshConfig: { dnsProxying: true },
        values: { istiod: { pilot: { env: { A: 'b' } } } },
      },
    },
  }).objects();
  const dns = { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } };
  expect(values(objects, 'istiod-1-30-3')).toMatchObject({
    profile: 'compatibility-version-1.29',
    meshConfig: { trustDomain: 'prod.example.com', ...dns },
    pilot: { env: { A: 'b' } },
  });
  expect(values(objects, 'istiod-1-29-4')).not.toHaveProperty('profile');
  expect(values(objects, 'istiod-1-29-4')).not.toMatchObject({ meshConfig: dns });
});

test('a tag is no object of a namespace, and istiod of its revision finds it', () => {
  const app = new MeshApp();
  const install = new IstioInstall(new Chart(app, 'istio', { namespace: 'argocd' }), 'Istio', {
    ...NEW,
    delivery: Delivery.argoCd(),
    namespace: 'mesh',
    tag: 'stable',
  });
  new IstioRevisionTags(new Chart(app, 'tags', { namespace: 'somewhere' }), 'Tags', { install });
  const tag = findObject(synthesize(app), 'MutatingWebhookConfiguration', 'istio-revision-tag-stable-mesh');
  expect(tag.metadata).toEqual({
    name: 'istio-revision-tag-stable-mesh',
    labels: { app: 'sidecar-injector', 'istio.io/rev': '1-30-3', 'istio.io/tag': 'stable' },
  });
  expect(tag).toMatchObject({
    webhooks: [
      { name: 'rev.namespace.sidecar-injector.istio.io', failurePolicy: 'Fail' },
      { name: 'rev.object.sidecar-injector.istio.io', failurePolicy: 'Fail' },
    ],
  });
});
