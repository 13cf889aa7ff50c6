import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { IstioMesh, Mesh, MeshApp, MeshValidation, Waiver } from '../../lib';
import type { MeshValidationProps, MeshViolation } from '../../lib';
import { LABELS, LOST } from '../check/fixtures';
import { temporaryFolder } from '../outputs/folders';
import { onDay } from '../support/on-day';

const root = temporaryFolder();

afterEach(() => {
  delete process.env['CDK8S_RECORD_CONSTRUCT_METADATA'];
});

/** Synthesizes an app with mistakes, as the cdk8s CLI does, and lets the plugin judge it. */
async function judge(app: App, props: MeshValidationProps = {}, more?: (chart: Chart) => void) {
  process.env['CDK8S_RECORD_CONSTRUCT_METADATA'] = 'true';
  Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
  const chart = new Chart(app, 'shop');
  const labels = { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' };
  new ApiObject(chart, 'Home', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
  new ApiObject(chart, 'Lost', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    // Plugins of the cdk8s CLI are told constructs by name alone, and here are two.
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { hosts: ['shop.example.com'], gateways: ['web'], http: [{ directResponse: { status: 503 } }] },
  });
  more?.(chart);
  app.synth();
  const provenance = join(app.outdir, '.cdk8s-mesh.json');
  const recorded = existsSync(provenance) ? readFileSync(provenance, 'utf8') : '';
  const violations: MeshViolation[] = [];
  const constructs: (string | undefined)[] = [];
  const metadata: Record<string, { path: string }> = { shop: { path: 'somebody/else' } };
  let status = '';
  const lines: string[] = [];
  await new MeshValidation(props).validate({
    manifests: [join(app.outdir, 'shop.k8s.yaml')],
    metadata,
    report: {
      addViolation: (violation) => {
        violations.push(violation);
        constructs.push(metadata[violation.violatingResources[0]?.resourceName ?? '']?.path);
      },
      submit: (text) => (status = text),
    },
    logger: { log: (line) => lines.push(line) },
  });
  return { violations, constructs, status, recorded, lines, isLeft: existsSync(provenance) };
}

const appIn = (App_: typeof App | typeof MeshApp) => new App_({ outdir: mkdtempSync(join(root, 'dist-')) });

describe.each([
  ['App', App],
  ['MeshApp', MeshApp],
])('with %s', (_, App_) => {
  test('findings fail the synth and name the construct that made the object', async () => {
    const { violations, constructs, status, isLeft, lines } = await judge(appIn(App_));
    expect(status).toBe('failure');
    expect(violations.map(({ ruleName }) => ruleName).sort()).toEqual([LOST, LABELS]);
    expect(constructs.sort()).toEqual(['shop/Home', 'shop/Lost']);
    expect(violations.find(({ ruleName }) => ruleName === LOST)).toMatchObject({
      recommendation: 'there is no Gateway `shop/web`',
      violatingResources: [
        {
          resourceName: 'VirtualService shop/shop',
          locations: ['spec.gateways[0]', expect.stringMatching(/shop\.k8s\.yaml:\d+$/) as string],
        },
      ],
    });
    expect(lines[0]).toMatch(/^1 error, 1 warning in 2 objects of 1 file/);
    expect(isLeft).toBe(false);
  });

  test('which construct made what is recorded beside the manifests, sorted, and never in them', async () => {
    const app = appIn(App_);
    const { recorded } = await judge(app);
    expect(recorded).toBe(
      `${JSON.stringify({ 'networking.istio.io/v1/VirtualService/shop/shop': 'shop/Lost', 'v1/Namespace//shop': 'shop/Home' }, null, 2)}\n`,
    );
    expect(readFileSync(join(app.outdir, 'shop.k8s.yaml'), 'utf8')).not.toContain('shop/Lost');
  });
});

test('without the CLI nothing is recorded', () => {
  const app = appIn(App);
  Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
  app.synth();
  expect(existsSync(join(app.outdir, '.cdk8s-mesh.json'))).toBe(false);
});

test('warnings may be let pass, and what is waived on a construct passes', async () => {
  const waive = (chart: Chart): void =>
    Waiver.add(chart, { code: LOST, reason: 'the gateway comes next week', until: '2099-01-31' });
  expect((await judge(appIn(App), { failOn: 'error' })).status).toBe('failure');
  const { status, violations } = await judge(appIn(App), { failOn: 'error' }, waive);
  expect(status).toBe('success');
  expect(violations.map(({ ruleName }) => ruleName)).toEqual([LABELS]);
});

test('a baseline and waivers are read from files, and bad ones are refused', async () => {
  const file = join(mkdtempSync(join(root, 'files-')), 'waivers.yaml');
  const waiver = `{ code: ${LOST}, resource: VirtualService shop/shop, reason: known, until: 2099-01-31 }`;
  writeFileSync(file, `waivers: [${waiver}]\n`);
  expect((await judge(appIn(App), { waivers: file })).violations.map(({ ruleName }) => ruleName)).toEqual([LABELS]);
  await expect(judge(appIn(App), { baseline: file })).rejects.toThrow('MESH-OUT-015');
  await expect(judge(appIn(App), { istio: '1.5' })).rejects.toThrow('MESH-OUT-014: `istio` is `1.5`');
});

test('a property that is none is refused', () => {
  const misspelt = { failon: 'error' } as MeshValidationProps;
  expect(() => new MeshValidation(misspelt)).toThrow('MESH-OUT-014: `failon` is no property of `MeshValidation`');
});

test('a manifest that cannot be read fails the synth', async () => {
  const folder = join(root, 'broken');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.yaml'), 'a: [\n');
  const rules: string[] = [];
  let status = '';
  await onDay('2026-11-23', () =>
    new MeshValidation().validate({
      manifests: [join(folder, 'a.yaml')],
      metadata: {},
      report: { addViolation: ({ ruleName }) => rules.push(ruleName), submit: (text) => (status = text) },
      logger: { log: () => undefined },
    }),
  );
  expect({ rules, status }).toEqual({ rules: ['cannot be read'], status: 'failure' });
});
