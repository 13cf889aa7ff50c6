import type { LocatedObject } from '../../manifests/located';
import { meshNetworks } from '../../manifests/mesh/networks';
import type { Violation } from '../finding';
import type { Rule } from '../rule';
import { CLUSTERS, networksConfig, together } from '../samples';

export const networksOverlap: Rule = {
  code: 'MESH-CHK-226',
  severity: 'error',
  title: 'Endpoints that are in two networks of the mesh',
  why: 'A cluster or an address belongs to one network. Which of the two istiod takes is left to chance.',
  fix: 'name each `fromRegistry` once, and divide the ranges of `fromCidr`',
  examples: {
    bad: [
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: west }], gateways: [{ address: 192.0.2.1, port: 15443 }] }
  west: { endpoints: [{ fromRegistry: west }], gateways: [{ address: 192.0.2.2, port: 15443 }] }`),
      ),
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromCidr: 10.0.0.0/8 }], gateways: [{ address: 192.0.2.1, port: 15443 }] }
  west: { endpoints: [{ fromCidr: 10.128.0.0/16 }], gateways: [{ address: 192.0.2.2, port: 15443 }] }`),
      ),
    ],
    good: [
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromCidr: 10.0.0.0/16 }], gateways: [{ address: 192.0.2.1, port: 15443 }] }
  west: { endpoints: [{ fromCidr: 10.1.0.0/16 }], gateways: [{ address: 192.0.2.2, port: 15443 }] }`),
      ),
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromCidr: 10.0.0.0/8 }, { fromCidr: 10.1.0.0/16 }], gateways: [{ address: 192.0.2.1, port: 15443 }] }
  west: { endpoints: [{ fromRegistry: west }], gateways: [{ address: 192.0.2.2, port: 15443 }] }`),
      ),
    ],
  },
  check: (view) => {
    const found = meshNetworks(view);
    if (found === undefined) return [];
    const all = found.networks.flatMap(({ name, endpoints }) =>
      endpoints.map(({ field, registry, range }) => ({ name, field, registry, range })),
    );
    return all.flatMap((one, index) =>
      all.slice(0, index).flatMap((other) => (other.name === one.name ? [] : conflict(found.object, one, other))),
    );
  },
};

interface Endpoints {
  readonly name: string;
  readonly field: string;
  readonly registry: string | undefined;
  readonly range: string | undefined;
}

function conflict(object: LocatedObject, one: Endpoints, other: Endpoints): readonly Violation[] {
  const shared =
    one.registry !== undefined && one.registry === other.registry
      ? `the endpoints of \`${one.registry}\``
      : one.range !== undefined && other.range !== undefined && overlap(one.range, other.range)
        ? `addresses of \`${one.range}\` and \`${other.range}\``
        : undefined;
  return shared === undefined
    ? []
    : [{ object, field: one.field, message: `${shared} are both in \`${other.name}\` and in \`${one.name}\`` }];
}

/** Whether two ranges share an address; those of IPv6 only where they are the same text. */
function overlap(a: string, b: string): boolean {
  const [first, second] = [readRange(a), readRange(b)];
  if (first === undefined || second === undefined) return a === b;
  const size = 2 ** (32 - Math.min(first.bits, second.bits));
  return Math.floor(first.start / size) === Math.floor(second.start / size);
}

function readRange(text: string): { readonly start: number; readonly bits: number } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 32] = match.slice(1).map(Number);
  return { start: ((a * 256 + b) * 256 + c) * 256 + d, bits };
}
