import { networking, problemsOf, security } from './objects';

const port = { number: 443, name: 'tls', protocol: 'TLS' };

describe('accepts', () => {
  test.each<[string, unknown]>([
    [
      'a VirtualService with a canary, a mirror and retries',
      networking('VirtualService', {
        hosts: ['cart'],
        http: [
          {
            match: [{ uri: { prefix: '/cart' }, headers: { 'x-canary': { exact: 'true' } } }],
            route: [
              { destination: { host: 'cart', subset: 'v1' }, weight: 90 },
              { destination: { host: 'cart', subset: 'v2' }, weight: 10 },
            ],
            mirrors: [{ destination: { host: 'cart', subset: 'v2' }, percentage: { value: 12.5 } }],
            timeout: '5s',
            retries: { attempts: 2, perTryTimeout: '1.5s', retryOn: 'connect-failure', backoff: '25ms' },
          },
        ],
      }),
    ],
    [
      'a DestinationRule with a retry budget',
      networking('DestinationRule', {
        host: 'cart.shop.svc.cluster.local',
        trafficPolicy: {
          retryBudget: { percent: 20, minRetryConcurrency: 3 },
          outlierDetection: {
            consecutive5xxErrors: 5,
            interval: '10s',
            baseEjectionTime: '30s',
            maxEjectionPercent: 50,
          },
          connectionPool: { tcp: { maxConnections: 100, connectTimeout: '1s' } },
        },
        subsets: [{ name: 'v1', labels: { version: 'v1' } }],
      }),
    ],
    [
      'a PeerAuthentication with a port of its own',
      security('PeerAuthentication', {
        selector: { matchLabels: { app: 'cart' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { 8080: { mode: 'PERMISSIVE' } },
      }),
    ],
    ['an AuthorizationPolicy that allows nothing', security('AuthorizationPolicy', {})],
    [
      'an AuthorizationPolicy with principals and operations',
      security('AuthorizationPolicy', {
        selector: { matchLabels: { app: 'cart' } },
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }],
            to: [{ operation: { methods: ['GET'], paths: ['/cart/*'], ports: ['8080'] } }],
            when: [{ key: 'request.headers[x-team]', values: ['shop'] }],
          },
        ],
      }),
    ],
    [
      'a RequestAuthentication',
      security('RequestAuthentication', {
        jwtRules: [{ issuer: 'https://a.example', jwksUri: 'https://a.example/keys' }],
      }),
    ],
    [
      'a Sidecar that reaches one namespace',
      networking('Sidecar', {
        egress: [{ hosts: ['./*', 'istio-system/*'] }],
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      }),
    ],
    [
      'a ServiceEntry with dynamic DNS',
      networking('ServiceEntry', {
        hosts: ['*.example.com'],
        resolution: 'DYNAMIC_DNS',
        location: 'MESH_EXTERNAL',
        exportTo: ['.'],
        ports: [port],
      }),
    ],
    [
      'a Gateway with TLS',
      networking('Gateway', {
        selector: { istio: 'ingress' },
        servers: [
          {
            port: { number: 443, name: 'https', protocol: 'HTTPS' },
            hosts: ['shop.example.com'],
            tls: { mode: 'SIMPLE', credentialName: 'shop' },
          },
        ],
      }),
    ],
  ])('%s', (_name, object) => {
    expect(problemsOf(object)).toEqual([]);
  });
});

describe('refuses', () => {
  test.each<[string, unknown, string]>([
    [
      'a field that a CRD does not know',
      networking('VirtualService', {
        hosts: ['cart'],
        http: [{ route: [{ destination: { host: 'cart', susbet: 'v1' } }] }],
      }),
      'unknown field spec.http[0].route[0].destination.susbet: unknown field `susbet`',
    ],
    [
      'a field beside spec',
      { ...(security('AuthorizationPolicy', {}) as object), rules: [] },
      'unknown field rules: unknown field `rules`',
    ],
    [
      'a route without the host that it needs',
      networking('VirtualService', { hosts: ['cart'], http: [{ route: [{ destination: {} }] }] }),
      'schema spec.http[0].route[0].destination.host: is required',
    ],
    [
      'a value of another type',
      networking('VirtualService', { hosts: 'cart' }),
      'schema spec.hosts: must be of type `array`, got `cart`',
    ],
    [
      'a value outside an enumeration',
      security('PeerAuthentication', { mtls: { mode: 'strict' } }),
      'schema spec.mtls.mode: must be one of `UNSET`, `DISABLE`, `PERMISSIVE`, `STRICT`, got `strict`',
    ],
    [
      'two ways to match one string',
      networking('VirtualService', { hosts: ['cart'], http: [{ match: [{ uri: { exact: '/a', prefix: '/b' } }] }] }),
      'schema spec.http[0].match[0].uri: at most one of `exact`, `prefix`, `regex` must be set',
    ],
    [
      'a number above its maximum',
      networking('DestinationRule', {
        host: 'cart',
        trafficPolicy: { outlierDetection: { consecutive5xxErrors: 4294967296 } },
      }),
      'schema spec.trafficPolicy.outlierDetection.consecutive5xxErrors: `4294967296` is above the maximum `4294967295`',
    ],
    [
      'a timeout below a millisecond',
      networking('VirtualService', { hosts: ['cart'], http: [{ timeout: '0.5ms' }] }),
      'cel spec.http[0].timeout: must be a valid duration greater than 1ms',
    ],
    [
      'port-level mTLS without a selector',
      security('PeerAuthentication', { portLevelMtls: { 8080: { mode: 'DISABLE' } } }),
      'cel spec: portLevelMtls requires selector',
    ],
    [
      'port-level mTLS of a port that cannot be',
      security('PeerAuthentication', {
        selector: { matchLabels: { app: 'a' } },
        portLevelMtls: { 65536: { mode: 'DISABLE' } },
      }),
      'cel spec.portLevelMtls: port must be between 1-65535',
    ],
    [
      'a ServiceEntry with a workload selector and endpoints',
      networking('ServiceEntry', {
        hosts: ['a.example'],
        resolution: 'STATIC',
        ports: [port],
        workloadSelector: { labels: { app: 'a' } },
        endpoints: [{ address: '192.0.2.1' }],
      }),
      'cel spec: only one of WorkloadSelector or Endpoints can be set',
    ],
    [
      'a port number twice',
      networking('ServiceEntry', {
        hosts: ['a.example'],
        resolution: 'DNS',
        ports: [port, { ...port, name: 'again' }],
      }),
      'cel spec.ports: port number cannot be duplicated',
    ],
    [
      'a port name twice',
      networking('ServiceEntry', { hosts: ['a.example'], resolution: 'DNS', ports: [port, { ...port, number: 444 }] }),
      'schema spec.ports[1]: duplicates `{"name":"tls"}` of an earlier item',
    ],
    [
      'service accounts beside principals',
      security('AuthorizationPolicy', {
        rules: [{ from: [{ source: { serviceAccounts: ['web'], principals: ['cluster.local/ns/shop/sa/web'] } }] }],
      }),
      'cel spec.rules[0].from[0].source: Cannot set serviceAccounts with namespaces or principals',
    ],
    [
      'a plug-in from a URL of another scheme',
      {
        apiVersion: 'extensions.istio.io/v1alpha1',
        kind: 'WasmPlugin',
        metadata: { name: 'a', namespace: 'shop' },
        spec: { url: 'ftp://example.com/a.wasm' },
      },
      'cel spec.url: url must have schema one of [http, https, file, oci]',
    ],
  ])('%s', (_name, object, problem) => {
    expect(problemsOf(object)).toEqual([problem]);
  });
});

test('waits with the rules until the rest of the schema holds, as the API server does', () => {
  const object = security('PeerAuthentication', {
    mtls: { mode: 'NONE' },
    portLevelMtls: { 8080: { mode: 'DISABLE' } },
  });
  expect(problemsOf(object)).toHaveLength(1);
});

test('says that it knows no schema for a version that is not the newest', () => {
  const object = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'Gateway',
    metadata: { name: 'a', namespace: 'b' },
  };
  expect(problemsOf(object)).toEqual(['no schema : no schema for `networking.istio.io/v1alpha3` `Gateway`']);
});
