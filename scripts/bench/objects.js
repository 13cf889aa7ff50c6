// The eight objects of a service, as a team writes them by hand.

/** @param {number} index */
function serviceObjects(index) {
  const [name, next, namespace] = [`service-${index}`, `service-${index + 1}`, `team-${index % 20}`];
  return objectsOf(name, next, namespace);
}

/** @param {string} name @param {string} next @param {string} namespace */
function objectsOf(name, next, namespace) {
  const labels = () => ({ app: name });
  const metadata = () => ({ name, namespace, labels: { app: name, 'app.kubernetes.io/managed-by': 'cdk8s' } });
  const object = (apiVersion, kind, spec) => ({ apiVersion, kind, metadata: metadata(), ...(spec && { spec }) });
  const host = `${name}.${namespace}.svc.cluster.local`;
  const ports = [{ containerPort: 8080 }];
  const env = [
    { name: 'PORT', value: '8080' },
    { name: 'LOG_LEVEL', value: 'info' },
  ];
  const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } };
  const readinessProbe = { httpGet: { path: '/healthz', port: 8080 } };
  const container = { name: 'server', image: `registry.example/${name}:1.0`, ports, env, resources, readinessProbe };
  const peer = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: { app: next } },
  };
  return [
    object('v1', 'ServiceAccount'),
    object('v1', 'Service', {
      ports: [{ name: 'http', appProtocol: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
      selector: labels(),
    }),
    object('apps/v1', 'Deployment', {
      replicas: 2,
      selector: { matchLabels: labels() },
      template: { metadata: { labels: labels() }, spec: { serviceAccountName: name, containers: [container] } },
    }),
    object('networking.k8s.io/v1', 'NetworkPolicy', {
      podSelector: { matchLabels: labels() },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [peer], ports: [{ port: 8080, protocol: 'TCP' }] }],
    }),
    object('security.istio.io/v1', 'AuthorizationPolicy', {
      action: 'ALLOW',
      selector: { matchLabels: labels() },
      rules: [
        {
          from: [{ source: { principals: [`cluster.local/ns/${namespace}/sa/${next}`] } }],
          to: [{ operation: { methods: ['GET', 'POST'], paths: ['/api/*'], ports: ['8080'] } }],
        },
      ],
    }),
    object('networking.istio.io/v1', 'Sidecar', {
      workloadSelector: { labels: labels() },
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      egress: [{ hosts: [`${namespace}/${next}.${namespace}.svc.cluster.local`, 'istio-system/*'] }],
    }),
    object('networking.istio.io/v1', 'DestinationRule', {
      host,
      trafficPolicy: {
        connectionPool: {
          tcp: { maxConnections: 1024, connectTimeout: '3s' },
          http: { http1MaxPendingRequests: 1024, http2MaxRequests: 1024, idleTimeout: '300s' },
        },
        loadBalancer: { simple: 'LEAST_REQUEST' },
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: '10s',
          baseEjectionTime: '30s',
          maxEjectionPercent: 50,
        },
      },
    }),
    object('networking.istio.io/v1', 'VirtualService', {
      hosts: [host],
      http: [
        {
          timeout: '15s',
          retries: { attempts: 2, perTryTimeout: '5s', retryOn: 'connect-failure,refused-stream' },
          route: [{ destination: { host, port: { number: 80 } } }],
        },
      ],
    }),
  ];
}

module.exports = { objectsOf, serviceObjects };
