import { stories } from '../../scripts/examples/stories';
import { validateObject } from '../../lib/schemas';
import type { KubeObject } from '../support/read-back';
import { ofKind, parseObjects, readHostOwners } from '../support/read-back';
import { synthExample } from '../support/synth-example';

const NEWEST: Readonly<Record<string, string>> = {
  'networking.istio.io': 'networking.istio.io/v1',
  'security.istio.io': 'security.istio.io/v1',
  'telemetry.istio.io': 'telemetry.istio.io/v1',
};

describe.each(stories().map(({ name }) => name))('the example %s', (name) => {
  const objects = parseObjects(synthExample(name));

  test('has only objects that an API server accepts, by their schemas and the rules in them', () => {
    expect(
      objects.flatMap((object) => validateObject(object).map((problem) => ({ ...nameOf(object), ...problem }))),
    ).toEqual([]);
  });

  test('has no kind whose unknown fields would go unnoticed', () => {
    const kinds = new Map(objects.filter(({ spec }) => spec !== undefined).map((object) => [object.kind, object]));
    for (const object of kinds.values()) {
      const misspelt = { ...object, spec: { ...(object.spec as object), notAField: true } };
      expect(validateObject(misspelt)).toEqual([expect.objectContaining({ check: 'unknown field' })]);
    }
  });

  test('has each object once', () => {
    const names = objects.map((object) => JSON.stringify(nameOf(object)));
    expect(names.filter((text, index) => names.indexOf(text) !== index)).toEqual([]);
  });

  test('has Istio objects in the newest version', () => {
    // There is no newer one of EnvoyFilter.
    const others = objects.filter(({ kind }) => kind !== 'EnvoyFilter');
    const versions = new Set(others.map(({ apiVersion }) => apiVersion).filter((text) => text.includes('istio.io/')));
    expect([...versions].filter((text) => text !== NEWEST[text.split('/')[0] ?? ''])).toEqual([]);
  });

  test('has one DestinationRule for each host, and one VirtualService for each host that gets requests', () => {
    const { virtualServices, destinationRules } = readHostOwners(objects);
    const services = ofKind<Service>(objects, 'Service', ['selector', 'ports', 'type', 'clusterIP']);
    const requested = services.filter(({ spec }) => spec.ports.some(carriesRequests)).map(host);
    expect(virtualServices).toMatchObject(Object.fromEntries(requested.map((service) => [service, 1])));
    expect(destinationRules).toMatchObject(Object.fromEntries(services.map((service) => [host(service), 1])));
    expect(new Set([virtualServices, destinationRules].flatMap((counts) => Object.values(counts)))).toEqual(
      new Set([1]),
    );
  });
});

interface Service {
  readonly selector: object;
  readonly ports: readonly ServicePort[];
  readonly type?: string;
  readonly clusterIP?: string;
}

interface ServicePort {
  readonly name?: string;
  readonly appProtocol?: string;
}

function carriesRequests({ name = '', appProtocol = name.split('-')[0] }: ServicePort): boolean {
  return ['http', 'grpc'].includes(appProtocol ?? '');
}

function nameOf({ apiVersion, kind, metadata }: KubeObject): object {
  return { group: apiVersion.split('/').slice(0, -1).join(), kind, namespace: metadata.namespace, name: metadata.name };
}

function host({ name, namespace }: { name: string; namespace: string }): string {
  return `${name}.${namespace}.svc.cluster.local`;
}
