import { destinationRules, policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { fieldAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const maglevTable: Rule = {
  code: 'MESH-CHK-123',
  istio: 'IST0106',
  severity: 'error',
  title: 'A table for consistent hashing whose size is no prime number',
  why: 'Istio refuses the DestinationRule: the proxy builds the table of Maglev only in a prime size up to 5000011.',
  fix: 'set `tableSize` to a prime number, such as 65537, which is the default',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: 65536 } } } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: 5000021 } } } } }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: 65537 } } } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, ringHash: { minimumRingSize: 1024 } } } } }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) =>
      trafficPolicies(rule).flatMap(({ path, policy }) => {
        const size = fieldAt(policy, 'loadBalancer', 'consistentHash', 'maglev', 'tableSize');
        return typeof size !== 'number' || (size <= LARGEST && isPrime(size))
          ? []
          : [
              {
                object: rule.object,
                field: `${path}.loadBalancer.consistentHash.maglev.tableSize`,
                message: `\`${size}\` is no prime number up to ${LARGEST}`,
              },
            ];
      }),
    ),
};

const LARGEST = 5_000_011;

function isPrime(number: number): boolean {
  if (!Number.isInteger(number) || number < 2) return false;
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) return false;
  }
  return true;
}
