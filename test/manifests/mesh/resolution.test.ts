import { Kind } from '../../../lib/manifests/kinds';
import { parseManifests } from '../../../lib/manifests/located';
import { authorizationOf } from '../../../lib/manifests/mesh/authorization';
import { destinationRulesFor } from '../../../lib/manifests/mesh/destination-rules';
import { namespaceDataPlane } from '../../../lib/manifests/mesh/enrolment';
import { hostKeys } from '../../../lib/manifests/mesh/hosts';
import { mtlsOf } from '../../../lib/manifests/mesh/mtls';
import { policiesOf } from '../../../lib/manifests/mesh/policies';
import { servicePortProtocol } from '../../../lib/manifests/mesh/protocol';
import { findHost } from '../../../lib/manifests/mesh/registry';
import { imports, sidecarOf } from '../../../lib/manifests/mesh/sidecars';
import { meshVirtualServices } from '../../../lib/manifests/mesh/virtual-services';
import type { Workload } from '../../../lib/manifests/mesh/workloads';
import { workloads } from '../../../lib/manifests/mesh/workloads';
import type { ManifestView } from '../../../lib/manifests/view';
import { nameOf, namespaceOf, viewOf } from '../../../lib/manifests/view';

const GROUPS: Readonly<Record<string, string>> = {
  Service: 'v1',
  Namespace: 'v1',
  Pod: 'v1',
  ConfigMap: 'v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
};

/** Objects written as `Kind namespace/name {spec}`; what stands before the spec may have labels. */
function view(...lines: readonly string[]): ManifestView {
  const yaml = lines.map((line) => {
    const [, kind = '', namespace = '', name = '', rest = ''] =
      /^(\w+) (?:([\w-]+)\/)?([\w-]+) ?(.*)$/.exec(line) ?? [];
    const [labels, spec] = rest.startsWith('labels') ? [rest.slice('labels '.length), '{}'] : ['{}', rest || '{}'];
    return `{apiVersion: ${GROUPS[kind] ?? 'networking.istio.io/v1'}, kind: ${kind}, metadata: {name: ${name}, ${namespace && `namespace: ${namespace}, `}labels: ${labels}}, spec: ${spec}}`;
  });
  const { objects, problems } = parseManifests('test.yaml', yaml.join('\n---\n'));
  expect(problems).toEqual([]);
  return viewOf(objects);
}

function only(of: ManifestView): Workload {
  const [workload] = workloads(of);
  if (workload === undefined) throw new Error('no workload');
  return workload;
}

const names = (found: readonly { readonly object: Parameters<typeof nameOf>[0] }[]): readonly string[] =>
  found.map(({ object }) => `${namespaceOf(object)}/${nameOf(object)}`);

const CART = 'Pod shop/cart labels {app: cart}';
const HOST = 'cart.shop.svc.cluster.local';

describe('policies', () => {
  test('of the root namespace and of the own namespace apply, those of others and for waypoints do not', () => {
    const found = view(
      CART,
      'AuthorizationPolicy istio-system/all {}',
      'AuthorizationPolicy istio-system/carts {selector: {matchLabels: {app: cart}}}',
      'AuthorizationPolicy shop/cart {selector: {matchLabels: {app: cart}}}',
      'AuthorizationPolicy shop/web {selector: {matchLabels: {app: web}}}',
      'AuthorizationPolicy shop/waypoint {targetRefs: [{group: "", kind: Service, name: cart}]}',
      'AuthorizationPolicy web/cart {selector: {matchLabels: {app: cart}}}',
    );
    expect(names(authorizationOf(found, only(found)))).toEqual(['istio-system/all', 'shop/cart', 'istio-system/carts']);
  });

  test('are found for other kinds in the same way', () => {
    const found = view(CART, 'Telemetry shop/a {}', 'Telemetry bank/b {}');
    expect(names(policiesOf(found, Kind.TELEMETRY, only(found)))).toEqual(['shop/a']);
  });
});

describe('mTLS', () => {
  const mesh = 'PeerAuthentication istio-system/default {mtls: {mode: STRICT}}';

  test('is permissive where nothing is said', () => {
    const found = view(CART);
    expect(mtlsOf(found, only(found))).toEqual({ mode: 'PERMISSIVE', by: undefined });
  });

  test('is what the port says, then the workload, the namespace and the mesh', () => {
    const own =
      'PeerAuthentication shop/cart {selector: {matchLabels: {app: cart}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {"8080": {mode: DISABLE}}}';
    const found = view(CART, mesh, own);
    expect(mtlsOf(found, only(found), 8080).mode).toBe('DISABLE');
    expect(mtlsOf(found, only(found), 9090).mode).toBe('PERMISSIVE');
    const inherited = view(CART, mesh, 'PeerAuthentication shop/default {mtls: {mode: UNSET}}');
    expect(mtlsOf(inherited, only(inherited)).by?.namespace).toBe('istio-system');
  });

  test('ignores a selector in the root namespace', () => {
    const found = view(
      CART,
      'PeerAuthentication istio-system/cart {selector: {matchLabels: {app: cart}}, mtls: {mode: STRICT}}',
    );
    expect(mtlsOf(found, only(found)).mode).toBe('PERMISSIVE');
  });

  test('cannot be off in ambient mode', () => {
    const found = view(
      'Namespace shop labels {istio.io/dataplane-mode: ambient}',
      CART,
      'PeerAuthentication shop/default {mtls: {mode: DISABLE}}',
    );
    expect(mtlsOf(found, only(found)).mode).toBe('PERMISSIVE');
  });
});

describe('a VirtualService', () => {
  test('of the caller wins, then one that is exported to it by name, then a public one by its name', () => {
    const found = view(
      `VirtualService bank/a {hosts: [${HOST}]}`,
      `VirtualService shop/b {hosts: [cart], exportTo: [web]}`,
      `VirtualService web/c {hosts: [${HOST}]}`,
      `VirtualService ops/hidden {hosts: [${HOST}], exportTo: ['.']}`,
      `VirtualService shop/public {hosts: [cart], gateways: [ingress/public]}`,
    );
    expect(names(meshVirtualServices(found, HOST, 'web'))).toEqual(['web/c', 'shop/b', 'bank/a']);
    expect(names(meshVirtualServices(found, HOST, 'dev'))).toEqual(['bank/a', 'web/c']);
  });

  test('for the host itself hides those for wildcards', () => {
    const found = view(`VirtualService shop/wide {hosts: ['*.local']}`, `VirtualService shop/cart {hosts: [cart]}`);
    expect(names(meshVirtualServices(found, HOST, 'shop'))).toEqual(['shop/cart']);
    expect(names(meshVirtualServices(found, 'web.shop.svc.cluster.local', 'shop'))).toEqual(['shop/wide']);
  });
});

describe('a DestinationRule', () => {
  test('of the client hides that of the service, however wide it is', () => {
    const found = view(
      'DestinationRule shop/cart {host: cart}',
      `DestinationRule web/wide {host: '*.local'}`,
      `DestinationRule istio-system/mesh {host: '*.local'}`,
    );
    expect(names(destinationRulesFor(found, HOST, 'web'))).toEqual(['web/wide']);
    expect(names(destinationRulesFor(found, HOST, 'ops'))).toEqual(['shop/cart']);
    expect(names(destinationRulesFor(found, 'pay.bank.svc.cluster.local', 'ops'))).toEqual(['istio-system/mesh']);
  });

  test('is merged with others of the namespace for the same host, by name', () => {
    const found = view('DestinationRule shop/b {host: cart}', `DestinationRule shop/a {host: ${HOST}}`);
    expect(names(destinationRulesFor(found, HOST, 'shop'))).toEqual(['shop/a', 'shop/b']);
  });
});

describe('a Sidecar', () => {
  test('by labels beats that of the namespace, which beats that of the root namespace', () => {
    const root = 'Sidecar istio-system/default {egress: [{hosts: ["istio-system/*"]}]}';
    const own = 'Sidecar shop/default {egress: [{hosts: ["./*"]}]}';
    const cart = 'Sidecar shop/cart {workloadSelector: {labels: {app: cart}}}';
    const winner = (...lines: readonly string[]): string | undefined => {
      const found = view(CART, ...lines);
      const sidecar = sidecarOf(found, only(found));
      return sidecar === undefined ? undefined : nameOf(sidecar.object) + '.' + sidecar.namespace;
    };
    expect([winner(), winner(root), winner(root, own), winner(root, own, cart)]).toEqual([
      undefined,
      'default.istio-system',
      'default.shop',
      'cart.shop',
    ]);
  });

  test('imports what its hosts cover, and everything where it has none', () => {
    const found = view(
      'Sidecar shop/a {egress: [{hosts: ["./*", "web/*.web.svc.cluster.local"]}]}',
      'Sidecar shop/b {}',
      CART,
    );
    const [a, b] = [sidecarOf(found, only(found)), undefined];
    if (a === undefined) throw new Error('no sidecar');
    expect(imports(a, 'shop', HOST)).toBe(true);
    expect(imports(a, 'web', 'x.web.svc.cluster.local')).toBe(true);
    expect(imports(a, 'bank', 'pay.bank.svc.cluster.local')).toBe(false);
    expect(imports({ ...a, imports: b }, 'bank', 'pay.bank.svc.cluster.local')).toBe(true);
  });
});

describe('hosts and protocols', () => {
  test('leads to a Service, else to the ServiceEntry with the narrowest host that is exported', () => {
    const found = view(
      'Service shop/cart',
      `ServiceEntry shop/all {hosts: ['*.example.com']}`,
      `ServiceEntry shop/api {hosts: [api.example.com], exportTo: ['.']}`,
    );
    expect(findHost(found, HOST, 'web')).toMatchObject({ service: { name: 'cart' } });
    expect(findHost(found, 'api.example.com', 'shop')).toMatchObject({ entry: { hosts: ['api.example.com'] } });
    expect(findHost(found, 'api.example.com', 'web')).toMatchObject({ entry: { hosts: ['*.example.com'] } });
    expect(findHost(found, 'example.com', 'web')).toBeUndefined();
  });

  test('are looked up from narrow to wide', () => {
    expect(hostKeys('a.b.c')).toEqual(['a.b.c', '*.b.c', '*.c', '*']);
    expect(hostKeys('*.b.c')).toEqual(['*.b.c', '*.c', '*']);
  });

  test.each([
    [{ name: 'http-web', port: 80 }, 'http'],
    [{ name: 'grpc-web-x', port: 80 }, 'http'],
    [{ name: 'http-web', appProtocol: 'tcp', port: 80 }, 'tcp'],
    [{ name: 'http-web', appProtocol: 'own', port: 80 }, 'sniffed'],
    [{ name: 'httpweb', port: 80 }, 'sniffed'],
    [{ name: 'db', port: 3306 }, 'tcp'],
    [{ name: 'dns', port: 53, protocol: 'UDP' }, 'udp'],
  ])('the protocol of %j is %s', (port, protocol) => {
    expect(servicePortProtocol(port)).toBe(protocol);
  });
});

test.each([
  ['{istio-injection: enabled}', 'sidecar'],
  ['{istio.io/rev: stable}', 'sidecar'],
  ['{istio-injection: disabled, istio.io/rev: stable}', 'none'],
  ['{istio.io/dataplane-mode: ambient}', 'ambient'],
  ['{istio-injection: enabled, istio.io/dataplane-mode: ambient}', 'sidecar'],
  ['{}', 'none'],
])('a namespace with %s joins by %s', (labels, dataPlane) => {
  expect(namespaceDataPlane(view(`Namespace shop labels ${labels}`), 'shop')).toBe(dataPlane);
});

test('a namespace that is not in the set may be anything', () => {
  expect(namespaceDataPlane(view(CART), 'shop')).toBeUndefined();
});

test.each([
  ['{}', 'sidecar'],
  ['{istio-injection: disabled}', 'none'],
  ['{istio.io/dataplane-mode: ambient}', 'ambient'],
])('where the installation injects by default, a namespace with %s joins by %s', (labels, dataPlane) => {
  const manifests = ['{name: shop}', '{name: istio-system}'].map(
    (metadata) => `{apiVersion: v1, kind: Namespace, metadata: ${metadata.replace('shop', `shop, labels: ${labels}`)}}`,
  );
  const injector =
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: istio-sidecar-injector-canary, namespace: istio-system}, data: {values: "sidecarInjectorWebhook: {enableNamespacesByDefault: true}"}}';
  const { objects } = parseManifests('test.yaml', [...manifests, injector].join('\n---\n'));
  expect(namespaceDataPlane(viewOf(objects), 'shop')).toBe(dataPlane);
  expect(namespaceDataPlane(viewOf(objects), 'istio-system')).toBe('none');
});
