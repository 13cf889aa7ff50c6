import { networkPolicySpec } from '../../lib/kubernetes/network-policy';

const [a, b] = [{ namespace: 'a' }, { namespace: 'b', podLabels: { app: 'b' } }];

test('nothing is allowed in either direction where no rule says so', () => {
  expect(networkPolicySpec({}, [], [])).toEqual({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [],
  });
});

test('rules with equal ports become one, in an order that does not depend on theirs', () => {
  const rules = [
    { peers: [b], ports: [{ port: 80 }] },
    { peers: [a], ports: [{ port: 80, protocol: 'TCP' as const }] },
    { peers: [a, a], ports: [{ port: 443 }, { port: 80 }] },
  ];
  const spec = networkPolicySpec({ app: 'x' }, rules, []);
  expect(networkPolicySpec({ app: 'x' }, [...rules].reverse(), [])).toEqual(spec);
  expect(spec).toMatchObject({
    ingress: [
      { from: [{ namespaceSelector: {} }], ports: [{ port: 80 }, { port: 443 }] },
      { from: [{ namespaceSelector: {} }, { podSelector: { matchLabels: { app: 'b' } } }], ports: [{ port: 80 }] },
    ],
  });
});

test('a peer is its namespace and its pods, both in one entry', () => {
  const spec = networkPolicySpec({}, [], [{ peers: [b], ports: [{ port: 53, protocol: 'UDP' }] }]);
  expect(spec).toMatchObject({
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'b' } },
            podSelector: { matchLabels: { app: 'b' } },
          },
        ],
        ports: [{ port: 53, protocol: 'UDP' }],
      },
    ],
  });
});

test('a port that two container ports share is written once', () => {
  const spec = networkPolicySpec({}, [{ peers: [a], ports: [{ port: 80 }, { port: 80 }] }], []);
  expect(spec).toMatchObject({ ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] });
  expect(JSON.stringify(spec).match(/"port":80/g)).toHaveLength(1);
});
