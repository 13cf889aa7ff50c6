import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, kindOf } from '../../lib/manifests/kinds';
import { parseManifests } from '../../lib/manifests/located';
import { authorizationOf } from '../../lib/manifests/mesh/authorization';
import { mtlsOf, namespaceMtls } from '../../lib/manifests/mesh/mtls';
import { outboundOf } from '../../lib/manifests/mesh/sidecars';
import { workloads } from '../../lib/manifests/mesh/workloads';
import type { KubeObject } from '../../lib/manifests/objects';
import { fieldAt, recordList } from '../../lib/manifests/objects';
import { NEWEST_ISTIO, nameOf, viewOf } from '../../lib/manifests/view';
import { podTemplatePath } from '../../lib/manifests/workload';
import { runRules } from '../../lib/rules';

// Complete configurations for what pages of istio.io describe, one for each page. Facts are theirs, the rest is ours.

const FOLDER = join(__dirname, 'documented');

/** What a page has is written in the first lines: its title, its address, and which fields show it. */
function readPage(file: string) {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const head = text.split('\n').filter((line) => line.startsWith('# '));
  return {
    text,
    title: head[0]?.slice('# Page: '.length) ?? '',
    address: head[1]?.slice('# '.length) ?? '',
    istio: head.find((line) => line.startsWith('# Istio: '))?.slice('# Istio: '.length) ?? NEWEST_ISTIO,
    shows: head.slice(head.indexOf('# Shows:') + 1).map((line) => line.slice('#'.length).trim()),
  };
}

const PAGES = readdirSync(FOLDER).map((file) => [file, readPage(file)] as const);

function viewOfPage(text: string, istio: string) {
  const { objects, problems } = parseManifests('page.yaml', text);
  expect(problems).toEqual([]);
  return viewOf(objects, [], { complete: true, istio });
}

/** The values of a field, where `[]` stands for each item of a list and `["…"]` for a key with dots in it. */
function valuesAt(object: unknown, path: string): readonly unknown[] {
  const steps = path.match(/\["[^"]+"\]|\[\]|[^.[\]]+/g) ?? [];
  return steps.reduce<readonly unknown[]>(
    (found, step) =>
      found
        .flatMap((value) =>
          step === '[]'
            ? Array.isArray(value)
              ? (value as readonly unknown[])
              : []
            : [fieldAt(value, step.startsWith('["') ? step.slice(2, -2) : step)],
        )
        .filter((value) => value !== undefined),
    [object],
  );
}

/** Whether one of the objects has the field of `Kind path`, or the value of `Kind path = value`. */
function isShown(objects: readonly KubeObject[], line: string): boolean {
  const [place = '', wanted] = line.split(' = ');
  const [kind, path = ''] = place.split(/ (.*)/);
  return objects
    .filter((object) => kindOf(object) === kind)
    .flatMap((object) => valuesAt(object, path))
    .some((value) => wanted === undefined || String(value).includes(wanted));
}

test('there are at least 60 pages, each once', () => {
  expect(PAGES.length).toBeGreaterThanOrEqual(60);
  const addresses = PAGES.map(([, { address }]) => address);
  expect(new Set(addresses).size).toBe(PAGES.length);
  expect(addresses.filter((address) => !/^https:\/\/istio\.io\/latest\/docs\/[\w/-]+\/$/.test(address))).toEqual([]);
  expect(PAGES.filter(([, { title, shows }]) => title === '' || shows.length === 0)).toEqual([]);
});

describe.each(PAGES)('%s', (_, { text, istio, shows }) => {
  const view = viewOfPage(text, istio);
  const meshed = workloads(view).filter(({ dataPlane }) => dataPlane !== 'none');
  const apps = meshed.filter(({ isGateway }) => !isGateway);

  test('has no finding', () => {
    const found = runRules(view).map(
      ({ code, object, field, message }) =>
        `${code} ${object.object.kind} ${nameOf(object)} ${field ?? ''}: ${message}`,
    );
    expect(found).toEqual([]);
  });

  test.each(shows)('has what the page is about: %s', (line) => {
    const objects = view.objects.map(({ object }) => object);
    expect(isShown(objects, line)).toBe(true);
    expect(isShown(objects, `${line.split(' = ')[0]} = nothing like it`)).toBe(false);
  });

  test('is complete: the mesh, accounts, resources, mTLS, default denial and egress', () => {
    expect(apps.length).toBeGreaterThan(0);
    for (const { object, namespace, account } of meshed) {
      expect(view.find(Kind.NAMESPACE, '', namespace)).toBeDefined();
      expect(view.find(Kind.SERVICE_ACCOUNT, namespace, account)).toBeDefined();
      const pod = fieldAt(object.object, ...podTemplatePath(object.object.kind), 'spec');
      const containers = recordList(fieldAt(pod, 'containers')).filter(({ name }) => name !== 'istio-proxy');
      expect(containers.filter(({ resources }) => fieldAt(resources, 'requests') === undefined)).toEqual([]);
    }
    for (const workload of apps) {
      expect(mtlsOf(view, workload).mode).toBe('STRICT');
      const policies = authorizationOf(view, workload).filter(({ action }) => action === 'ALLOW');
      expect(policies.some(({ rules, selector }) => rules.length === 0 && selector === undefined)).toBe(true);
      if (workload.dataPlane === 'sidecar') expect(outboundOf(view, workload)).toBe('REGISTRY_ONLY');
    }
    expect(apps.some(({ namespace }) => namespaceMtls(view, namespace).by !== undefined)).toBe(true);
  });

  test('has a finding as soon as what denies by default is missing', () => {
    if (apps.every(({ pods }) => pods.containerPorts.length === 0)) return;
    const without = text
      .split('---\n')
      .filter((part) => !part.includes('kind: AuthorizationPolicy'))
      .join('---\n');
    expect(runRules(viewOfPage(without, istio)).map(({ code }) => code)).toContain('MESH-CHK-404');
  });
});
