import type { MeshedServiceProps } from '../../lib';
import { MeshedNamespace, UnprotectedPort, Workload } from '../../lib';
import { MeshApp, at, deployment, printed, thrown } from '../support/mesh-app';

const REASON = { reason: 'members have a protocol of their own' };
const GOSSIP = UnprotectedPort.inbound(7946, { ...REASON, namespaces: ['shop'] });
const BACKUP = UnprotectedPort.outbound(873, { ...REASON, cidrs: ['10.9.0.0/16'] });

function cart(props: Partial<MeshedServiceProps>, annotations: Readonly<Record<string, string>> = {}): MeshApp {
  const app = new MeshApp();
  const workload = props.workload ?? Workload.of(deployment(app.chart, 'cart', { annotations }));
  app.service('cart', { ...props, workload });
  return app;
}

/** What is printed at synth, with every object. */
function synthesized(app: MeshApp): { readonly text: string; readonly find: MeshApp['find'] } {
  const text = printed(() => app.objects());
  return { text, find: (kind, name) => app.find(kind, name) };
}

test('ports pass the proxy by, and the NetworkPolicy opens them to those at the other end alone', () => {
  const app = cart({ unprotectedPorts: [GOSSIP, BACKUP] });
  const { find } = synthesized(app);
  expect(at(find('Deployment', 'cart'), 'spec', 'template', 'metadata', 'annotations')).toMatchObject({
    'traffic.sidecar.istio.io/excludeInboundPorts': '7946',
    'traffic.sidecar.istio.io/excludeOutboundPorts': '873',
  });
  const policy = find('NetworkPolicy', 'cart').spec;
  expect(at(policy, 'ingress')).toContainEqual({
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }],
    ports: [{ port: 7946, protocol: 'TCP' }],
  });
  expect(at(policy, 'egress')).toContainEqual({
    to: [{ ipBlock: { cidr: '10.9.0.0/16' } }],
    ports: [{ port: 873, protocol: 'TCP' }],
  });
});

test('each is warned of, with its reason', () => {
  const app = cart({ unprotectedPorts: [GOSSIP] });
  expect(synthesized(app).text).toContain(
    'MESH-SEC-011: inbound port `7946` of `shop/cart` passes its proxy by, without mutual TLS, identities and policies of the mesh: members have a protocol of their own; fix: ',
  );
  expect(printed(() => cart({}).objects())).not.toContain('MESH-SEC-011');
});

test('an annotation that does so without a word is an error in a zero-trust namespace, and fine where plain text is', () => {
  const annotations = { 'traffic.sidecar.istio.io/excludeOutboundPorts': '873' };
  expect(thrown(() => cart({}, annotations).objects())).toMatch(
    /MESH-API-125: `Deployment shop\/cart` of `shop\/cart` has the annotation `traffic.sidecar.istio.io\/excludeOutboundPorts: 873`/,
  );
  expect(() => printed(() => cart({ unprotectedPorts: [BACKUP] }, annotations).objects())).not.toThrow();
  const app = new MeshApp();
  const namespace = new MeshedNamespace(app.chart, 'Bank', { name: 'bank' });
  const workload = Workload.of(deployment(app.chart, 'cart', { annotations, namespace: 'bank' }));
  app.service('cart', { namespace, workload });
  expect(() => app.objects()).not.toThrow();
});

test('an annotation that says other ports, or is missing on pods of somebody else, is an error', () => {
  const other = { 'traffic.sidecar.istio.io/excludeInboundPorts': '7946,7947' };
  expect(thrown(() => printed(() => cart({ unprotectedPorts: [GOSSIP] }, other).objects()))).toMatch(/MESH-API-027/);
  const external = (annotations: Readonly<Record<string, string>>) =>
    Workload.external({
      kind: 'Deployment',
      name: 'cart',
      labels: { app: 'cart' },
      serviceAccount: 'cart',
      containerPorts: [8080],
      annotations,
    });
  const text = thrown(() => printed(() => cart({ workload: external({}), unprotectedPorts: [GOSSIP] }).objects()));
  expect(text).toMatch(/MESH-API-025: .*excludeInboundPorts: "7946"/s);
  expect(text).not.toContain('proxyCPU');
  const told = { 'traffic.sidecar.istio.io/excludeInboundPorts': '7946' };
  expect(() => printed(() => cart({ workload: external(told), unprotectedPorts: [GOSSIP] }).objects())).not.toThrow();
});

test('a port of others that passes the proxy by is an error where a grant is for it', () => {
  const app = new MeshApp();
  const port = UnprotectedPort.outbound(80, { ...REASON, cidrs: ['10.9.0.0/16'] });
  app.service('web').access.allowFrom(app.service('cart', { unprotectedPorts: [port] }));
  expect(thrown(() => printed(() => app.objects()))).toMatch(
    /MESH-API-125: unprotected outbound port `80` of `shop\/cart` is that by which it may call `shop\/web`, .*; fix: /,
  );
});
