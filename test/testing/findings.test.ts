import { ApiObject, App, Chart } from 'cdk8s';
import { Waiver } from '../../lib';
import { expectFindings, findings } from '../../lib/testing';
import { LABELS } from '../check/fixtures';
import { onDay } from '../support/on-day';

function chart(labels: Readonly<Record<string, string>>): Chart {
  const shop = new Chart(new App(), 'shop');
  new ApiObject(shop, 'Home', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
  return shop;
}

const BAD = { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' };

test('findings are compared by the fields that are written, and the construct is known', () => {
  expectFindings(chart({ 'istio-injection': 'enabled' })).toEqual([]);
  expectFindings(chart(BAD)).toEqual([{ code: LABELS, resource: 'Namespace shop' }]);
  expectFindings(chart(BAD)).toEqual([{ construct: 'shop/Home', severity: 'warning' }]);
});

test('other findings than expected are named', () => {
  expect(() => expectFindings(chart(BAD)).toEqual([])).toThrow(
    /found, but not expected: MESH-CHK-501 Namespace shop: /,
  );
  expect(() => expectFindings(chart(BAD)).toEqual([{ code: LABELS }, { code: LABELS }])).toThrow(
    `expected, but not found: {"code":"${LABELS}"}`,
  );
  expect(() => expectFindings(chart({})).toEqual([{ code: LABELS }])).toThrow('expected, but not found');
});

test('what is waived is not found until it ends', () => {
  const waived = () => {
    const shop = chart(BAD);
    Waiver.add(shop, { code: LABELS, reason: 'known', until: '2026-12-31' });
    return findings(shop).length;
  };
  expect(onDay('2026-12-31', waived)).toBe(0);
  expect(onDay('2027-01-01', waived)).toBe(1);
});
