import { Chart } from 'cdk8s';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Delivery, IstioGatewayRole, IstioInstall, MeshApp } from '../../lib';
import { run } from '../stress/command';
import type { DeliveryName } from '../support/install/emitted';
import { emitted } from '../support/install/emitted';
import { readEmitted } from '../support/install/emitted-releases';
import { readValues } from '../support/install/read-values';

// Charts of our own stand in for Istio's, whose module this suite does not get: what is shown is that Helm renders what is emitted.

const VERSION = 'v4.3.1';
const TOOLS = resolve(__dirname, '../../conformance/build/tools');
const HELM = join(TOOLS, `helm-${VERSION}`);
const CHARTS = resolve(__dirname, '../install/charts');
const OPTIONS = {
  profile: 'demo',
  revision: '1-30-3',
  cni: { binFolder: '/opt/bin' },
  images: { hub: 'registry.example.com/istio', pullSecrets: ['pull'] },
  values: { istiod: { pilot: { env: { A: 'yes', B: '0x1F', C: '{{ .Values }} ${d}' } } } },
  gateways: [{ name: 'edge', namespace: 'edge', role: IstioGatewayRole.INGRESS, minReplicas: 1 }],
};

beforeAll(() => {
  if (existsSync(HELM)) return;
  run(__dirname, `GOBIN="${TOOLS}" go install helm.sh/helm/v4/cmd/helm@${VERSION} && mv "${TOOLS}/helm" "${HELM}"`);
});

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data: { readonly values: string; readonly kubernetes: string; readonly monitoring: string };
}

function rendered(chartFolder: string): readonly Rendered[] {
  const app = new MeshApp();
  const apiVersions = ['monitoring.coreos.com/v1/ServiceMonitor'];
  new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    version: '1.30.3',
    delivery: Delivery.rendered({ helm: HELM, kubernetesVersion: '1.33', chartFolder, apiVersions }),
    ...OPTIONS,
  });
  return parseAllDocuments(app.synthYaml()).map((document) => document.toJS() as Rendered);
}

function valuesIn(objects: readonly Rendered[], release: string): unknown {
  return JSON.parse(objects.find(({ metadata }) => metadata.name === `${release}-values`)?.data.values ?? '{}');
}

test('charts see the values that every other delivery emits, and the cluster that is described', () => {
  const objects = rendered(CHARTS);
  const { common, gateways } = readValues('argoCd', emitted('argoCd', OPTIONS));
  expect(common).toMatchObject(valuesIn(objects, 'istiod-1-30-3') as object);
  expect(common).toMatchObject(valuesIn(objects, 'istio-cni') as object);
  expect(valuesIn(objects, 'istiod-1-30-3')).toMatchObject({ pilot: { env: OPTIONS.values.istiod.pilot.env } });
  expect(valuesIn(objects, 'edge')).toEqual(gateways['edge']);
  expect(objects.find(({ metadata }) => metadata.name === 'edge-values')).toMatchObject({
    metadata: { namespace: 'edge' },
    data: { kubernetes: 'v1.33', monitoring: 'true' },
  });
});

/** What Helm makes of the charts with the values that the text of a delivery holds. */
function renderedFrom(delivery: DeliveryName, text: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'values-'));
  try {
    const { releases } = readEmitted(delivery, text);
    const made = releases.map(({ name, chart, namespace, values }) => {
      writeFileSync(join(folder, 'values.json'), JSON.stringify(values));
      const command = `"${HELM}" template ${name} "${CHARTS}/${chart}" --namespace ${namespace} --include-crds --kube-version 1.33 --values values.json`;
      return run(folder, command);
    });
    return made.sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(['flux', 'terraform'] as const)('with the values in the text that is emitted for %s', (delivery) => {
  const text = emitted(delivery, OPTIONS);

  test('charts are rendered to what they are for Argo CD', () => {
    const expected = renderedFrom('argoCd', emitted('argoCd', OPTIONS));
    expect(expected).toHaveLength(4);
    expect(renderedFrom(delivery, text)).toEqual(expected);
  });

  test('one value that were another one would be seen', () => {
    const expected = renderedFrom('argoCd', emitted('argoCd', OPTIONS));
    const changed = text.replace('0x1F', '31');
    expect(changed).not.toBe(text);
    expect(renderedFrom(delivery, changed)).not.toEqual(expected);
  });
});

test('definitions of kinds in the folder `crds` of a chart come with it, before its objects', () => {
  const kinds = rendered(CHARTS).map(({ kind }) => kind);
  expect(kinds).toContain('CustomResourceDefinition');
  expect(kinds.indexOf('CustomResourceDefinition')).toBeLessThan(kinds.indexOf('Widget'));
});

test('a chart of more than ten megabytes, packed as `helm pull` leaves it, is rendered', () => {
  const folder = mkdtempSync(join(tmpdir(), 'charts-'));
  try {
    cpSync(CHARTS, folder, { recursive: true });
    const many = '{{- range until 40 }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: big-{{ . }}\n';
    const data = `data:\n  text: {{ repeat 300000 "x" }}\n{{- end }}\n`;
    writeFileSync(join(folder, 'istiod/templates/big.yaml'), many + data);
    run(folder, `"${HELM}" package istiod && rm -r istiod`);
    expect(rendered(folder).filter(({ metadata }) => metadata.name.startsWith('big-'))).toHaveLength(40);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
