import {
  ofKind,
  parseObjects,
  readCalls,
  readEgress,
  readImports,
  readIngress,
  readPods,
  selectPods,
  selects,
} from '../support/read-back';
import type { Labels } from '../support/read-back';
import { synthExample } from '../support/synth-example';

const objects = parseObjects(synthExample('recipe'));
const pods = readPods(objects);
const [STABLE, CANDIDATE] = ['recipe/user-service-v1', 'recipe/user-service-v2'];

/** What stands in these texts about one workload, under the other's name. */
function about(workload: string, texts: readonly string[]): readonly string[] {
  return texts.filter((text) => text.split(/ |:/).includes(workload)).map((text) => text.replace(workload, 'it'));
}

test.each([
  ['AuthorizationPolicy', readCalls(objects)],
  ['NetworkPolicy, where it connects', readEgress(objects)],
  ['NetworkPolicy, where it is connected to', readIngress(objects)],
])("the %s holds for the candidate's pods as for the stable ones", (_, texts) => {
  expect(about(STABLE, texts)).not.toEqual([]);
  expect(about(CANDIDATE, texts)).toEqual(about(STABLE, texts));
});

test("the Sidecar and the Service select the candidate's pods as the stable ones", () => {
  const sidecars = objects.filter(({ kind, metadata }) => kind === 'Sidecar' && metadata.name === 'user-service');
  const selectors = [
    ...sidecars.map(({ spec }) => (spec as { workloadSelector: { labels: Labels } }).workloadSelector.labels),
    ...ofKind<{ selector: Labels; ports: object }>(objects, 'Service', ['selector', 'ports'])
      .filter(({ name }) => name === 'user-service')
      .map(({ spec }) => spec.selector),
  ];
  expect(selectors).toHaveLength(2);
  for (const selector of selectors) {
    expect(selectPods(pods, 'recipe', selector).map(({ key }) => key)).toEqual([STABLE, CANDIDATE]);
  }
  expect(readImports(objects)[CANDIDATE]).toEqual(readImports(objects)[STABLE]);
});

test('both versions run under one identity, and every subset selects the pods of one', () => {
  const versions = pods.filter(({ key }) => [STABLE, CANDIDATE].includes(key));
  expect(versions.map(({ serviceAccount }) => serviceAccount)).toEqual(['user-service', 'user-service']);
  const rule = objects.find(({ kind, metadata }) => kind === 'DestinationRule' && metadata.name === 'user-service');
  const { subsets } = rule?.spec as { subsets: readonly { name: string; labels: Labels }[] };
  expect(
    subsets.map(({ name, labels }) => [
      name,
      ...versions.filter((v) => selects(labels, v.labels)).map(({ key }) => key),
    ]),
  ).toEqual([
    ['v1', STABLE],
    ['v2', CANDIDATE],
  ]);
});

test('payment-service is called by order-service and billing-service only, user-service by frontend and the gateway', () => {
  expect(readCalls(objects)).toEqual([
    'cluster.local/ns/istio-ingress/sa/istio-ingress -> recipe/user-service-v1:8080 * *',
    'cluster.local/ns/istio-ingress/sa/istio-ingress -> recipe/user-service-v2:8080 * *',
    'cluster.local/ns/recipe/sa/billing-service -> recipe/payment-service-v1:8080 * *',
    'cluster.local/ns/recipe/sa/frontend -> recipe/user-service-v1:8080 * *',
    'cluster.local/ns/recipe/sa/frontend -> recipe/user-service-v2:8080 * *',
    'cluster.local/ns/recipe/sa/order-service -> recipe/payment-service-v1:8080 * *',
  ]);
});
