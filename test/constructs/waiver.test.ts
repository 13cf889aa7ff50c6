import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { Waiver } from '../../lib';
import { thrown } from '../support/mesh-app';

const NOTE = 'cdk8s-mesh.github.io/waive';
const OPTIONS = { code: 'MESH-CHK-501', reason: 'known', until: '2027-01-31' };

function notes(chart: Chart): unknown[] {
  return (Testing.synth(chart) as { metadata: { annotations?: Record<string, string> } }[]).map(
    ({ metadata }) => metadata.annotations?.[NOTE],
  );
}

function service(scope: Construct, name: string): ApiObject {
  return new ApiObject(scope, name, { apiVersion: 'v1', kind: 'Service', metadata: { name } });
}

test('objects of the construct say so, also those that come later, and no others', () => {
  const chart = new Chart(new App(), 'shop');
  const legacy = new Construct(chart, 'legacy');
  Waiver.add(legacy, OPTIONS);
  service(legacy, 'cart');
  service(chart, 'users');
  expect(notes(chart)).toEqual([`MESH-CHK-501 until 2027-01-31: known`, undefined]);
});

test('several waivers of an object are lines, once each, however often it is synthesized', () => {
  const chart = new Chart(new App(), 'shop');
  const cart = service(chart, 'cart');
  Waiver.add(chart, OPTIONS);
  Waiver.add(cart, { ...OPTIONS, code: 'MESH-CHK-201' });
  notes(chart);
  expect(notes(chart)).toEqual(['MESH-CHK-201 until 2027-01-31: known\nMESH-CHK-501 until 2027-01-31: known']);
});

test.each([
  ['no code', { ...OPTIONS, code: 'all' }, /^MESH-OUT-016: `all`/],
  ['no reason', { ...OPTIONS, reason: ' ' }, /^MESH-OUT-016: .*no reason/],
  ['two lines of reason', { ...OPTIONS, reason: 'a\nb' }, /^MESH-OUT-016: .*no reason of one line/],
  ['no day', { ...OPTIONS, until: '2027-02-30' }, /^MESH-API-047: .*`2027-02-30` is not a day/],
])('a waiver with %s is refused', (_, options, message) => {
  expect(thrown(() => Waiver.add(new Chart(new App(), 'shop'), options))).toMatch(message);
});
