import type { DeliveryName } from '../support/install/emitted';
import { emitted } from '../support/install/emitted';
import { readValues } from '../support/install/read-values';

const DELIVERIES: readonly DeliveryName[] = ['argoCd', 'flux', 'terraform', 'rendered', 'sail', 'istioctl'];

function pilot(delivery: DeliveryName, values: object): unknown {
  const text = emitted(delivery, { values: { istiod: { pilot: values } } });
  return readValues(delivery, text).common['pilot'];
}

test.each(DELIVERIES)('by %s, a value that is undefined is not given', (delivery) => {
  const read = pilot(delivery, { env: undefined, nodeSelector: { pool: undefined } });
  expect(read).not.toHaveProperty('env');
  expect(read).toHaveProperty('nodeSelector', {});
});

test.each(['argoCd', 'flux', 'sail'] as const)('null is refused by %s, which would lose it', (delivery) => {
  expect(() => pilot(delivery, { tolerations: [{ effect: null }] })).toThrow(
    /^MESH-API-165: `pilot\.tolerations\[0\]\.effect` of the chart `istiod` is `null`, which .* loses/,
  );
});

test.each(['terraform', 'rendered', 'istioctl'] as const)('null comes to the charts by %s', (delivery) => {
  expect(pilot(delivery, { resources: null })).toHaveProperty('resources', null);
});

test.each([
  ['a number that is none', Number.NaN],
  ['a date', new Date(0)],
  ['a function', () => 1],
  ['half a character', '\ud800'],
])('%s is refused, and where it stands is named', (_, value) => {
  expect(() => pilot('terraform', { env: { A: value } })).toThrow(/^MESH-API-130: `values\.istiod\.pilot\.env\.A` is/);
});
