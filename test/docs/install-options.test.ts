import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { IstioGatewayRole, IstioGatewayService, ProxySize } from '../../lib';
import { emitted } from '../support/install/emitted';
import { readValues } from '../support/install/read-values';

const ROOT = join(__dirname, '../..');

const CONTROL = {
  profile: 'demo',
  revision: '1-30-3',
  namespace: 'mesh',
  meshConfig: { trustDomain: 'prod.example.com' },
  controlPlane: { minReplicas: 3 },
  proxy: { cpuRequest: '150m', size: ProxySize.SMALL },
  images: { hub: 'registry.example.com/istio', pullSecrets: ['pull'] },
  cni: { namespace: 'istio-cni', binFolder: '/opt/bin' },
  values: { istiod: { pilot: { env: { A: 'b' } } } },
};
const EDGE = {
  name: 'edge',
  namespace: 'edge',
  role: IstioGatewayRole.INGRESS,
  service: IstioGatewayService.NODE_PORT,
  serviceAnnotations: { a: 'b' },
  minReplicas: 4,
};

/** What each option of the table is, above. */
const SAID: Readonly<Record<string, unknown>> = {
  profile: 'demo',
  revision: '1-30-3',
  namespace: 'mesh',
  'meshConfig.trustDomain': 'prod.example.com',
  'controlPlane.minReplicas': 3,
  'proxy.cpuRequest': '150m',
  'images.hub': 'registry.example.com/istio',
  'images.pullSecrets': ['pull'],
  cni: true,
  'cni.namespace': 'istio-cni',
  'cni.binFolder': '/opt/bin',
  'gateways[].service': 'NodePort',
  'gateways[].serviceAnnotations': { a: 'b' },
  'gateways[].minReplicas': 4,
  'values.istiod': { A: 'b' },
  version: 'v1.30.3',
};

type Cells = readonly [option: string, release: string, sail: string, istioctl: string];

function table(): readonly Cells[] {
  const [, section = ''] = readFileSync(join(ROOT, 'docs/install.md'), 'utf8').split('### The same options in each\n');
  const lines =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| `')) ?? [];
  return lines.map((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return cells.map((cell) => /^`(.*)`$/.exec(cell)?.[1] ?? '') as unknown as Cells;
  });
}

/** The value at a path such as `a.list[name].b`. */
function at(value: unknown, path: string): unknown {
  return path.split(/\.(?![^[]*\])|(?=\[)/).reduce<unknown>((inner, key) => {
    const name = /^\[(.*)\]$/.exec(key)?.[1];
    if (name === undefined) return (inner as Record<string, unknown> | undefined)?.[key];
    return (inner as readonly { name: string }[]).find((item) => item.name === name);
  }, value);
}

function split(cell: string): readonly [string, string] {
  const [before = '', after = ''] = cell.split(': ');
  return [before, after];
}

const props = { ...CONTROL, gateways: [EDGE] };
const operator = parse(emitted('istioctl', props)) as unknown;
const sail = parseAllDocuments(emitted('sail', CONTROL)).map((document) => document.toJS() as { kind: string });

const texts = (['argoCd', 'flux', 'terraform', 'rendered'] as const).map((delivery) => {
  const text = emitted(delivery, props);
  return { text, read: readValues(delivery, text) };
});

test('the table names every option once', () => {
  expect(table().map(([option]) => option)).toEqual(Object.keys(SAID));
});

test.each(table().filter(([, release]) => release !== ''))('charts get `%s` as the page says', (option, cell) => {
  const [release, path] = split(cell);
  for (const { text, read } of texts) {
    expect(at(release === 'edge' ? read.gateways['edge'] : read.common, path)).toEqual(SAID[option]);
    expect(text).toContain(release === 'istiod' ? 'istiod-1-30-3' : release);
  }
});

test.each(table().filter(([, , cell]) => cell !== ''))(
  'the Sail operator gets `%s` as the page says',
  (option, _, cell) => {
    const [kind, path] = split(cell);
    expect(
      at(
        sail.find((object) => object.kind === kind),
        path,
      ),
    ).toEqual(SAID[option]);
  },
);

test.each(table().filter(([, , , cell]) => cell !== '' && cell !== 'istioctl'))(
  'istioctl gets `%s` as the page says',
  (option, _release, _sail, path) => {
    expect(at(operator, path)).toEqual(SAID[option]);
  },
);
