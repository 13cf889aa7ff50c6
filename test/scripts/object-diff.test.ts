import { formatDiff } from '../../scripts/examples/format-diff';
import { diffObjects } from '../../scripts/examples/object-diff';

const cart = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'cart', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'cart' } },
  spec: { ports: [{ name: 'http', port: 80 }] },
};

describe('diff of objects', () => {
  test('is empty for the same objects in another order, with their fields in another order', () => {
    const { apiVersion, ...rest } = cart;
    const other = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    expect(diffObjects([cart, other], [other, { ...rest, apiVersion }])).toEqual([]);
    expect(formatDiff([])).toBe('no object changed');
  });

  test('names added and removed objects', () => {
    const moved = { ...cart, metadata: { ...cart.metadata, namespace: 'store' } };
    expect(formatDiff(diffObjects([cart], [moved]))).toBe('- v1 Service shop/cart\n+ v1 Service store/cart');
  });

  test('names an object without a namespace by its name alone', () => {
    expect(formatDiff(diffObjects([], [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]))).toBe(
      '+ v1 Namespace shop',
    );
  });

  test('names every changed field of a changed object by its path', () => {
    const changed = {
      ...cart,
      metadata: { ...cart.metadata, labels: { 'app.kubernetes.io/name': 'basket' }, annotations: { note: 'x' } },
      spec: {
        ports: [
          { name: 'http', port: 8080 },
          { name: 'admin', port: 81 },
        ],
      },
    };
    expect(diffObjects([cart], [changed])).toEqual([
      {
        object: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'cart' },
        change: 'changed',
        fields: [
          'metadata.annotations',
          'metadata.labels["app.kubernetes.io/name"]',
          'spec.ports[0].port',
          'spec.ports[1]',
        ],
      },
    ]);
  });

  test('tells a field that is null from one that is absent', () => {
    const nulled = { ...cart, spec: { ...cart.spec, selector: null } };
    expect(diffObjects([cart], [nulled])[0]?.fields).toEqual(['spec.selector']);
  });

  test('sees a change of the version as another object', () => {
    expect(diffObjects([cart], [{ ...cart, apiVersion: 'v2' }]).map(({ change }) => change)).toEqual([
      'removed',
      'added',
    ]);
  });

  test('leaves out empty documents', () => {
    expect(diffObjects([null], [null, cart])).toHaveLength(1);
  });
});
