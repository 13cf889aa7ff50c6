import {
  IngressApi,
  IngressHost,
  IngressPort,
  IngressRoute,
  IngressTls,
  MeshedService,
  PathMatch,
  Port,
} from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { bookinfo, httpbinVersion, version } from '../samples';

/** Hosts with TLS that the gateway takes off, of one side and of both, with TLS that passes through, connections, and by Gateway API. */
export function secureIngress(scope: Construct): void {
  const httpbin = new MeshedService(scope, 'httpbin', {
    name: 'httpbin',
    workload: httpbinVersion(scope, 'v1'),
    ports: [Port.http(8000, { containerPort: 8080 })],
  });
  new IngressRoute(scope, 'httpbin-ingress', {
    host: 'httpbin.example.com',
    service: httpbin,
    tls: IngressTls.credential('httpbin-credential'),
    paths: [PathMatch.prefix('/status'), PathMatch.prefix('/delay')],
  });

  const helloworld = new MeshedService(scope, 'helloworld', {
    name: 'helloworld',
    workload: version(scope, 'helloworld', 'v1', 'docker.io/istio/examples-helloworld-v1:1.0', 5000),
    ports: [Port.http(5000)],
  });
  new IngressRoute(scope, 'helloworld-ingress', {
    host: 'helloworld.example.com',
    service: helloworld,
    tls: IngressTls.mutual('helloworld-credential'),
    paths: [PathMatch.exact('/hello')],
  });

  const nginx = new MeshedService(scope, 'nginx', {
    name: 'nginx',
    workload: version(scope, 'nginx', 'v1', 'docker.io/library/nginx:1.29.1', 8443),
    ports: [Port.https(443, { containerPort: 8443 })],
  });
  new IngressRoute(scope, 'nginx-ingress', {
    host: 'nginx.example.com',
    service: nginx,
    tls: IngressTls.passthrough(),
  });

  const tcpEcho = new MeshedService(scope, 'tcp-echo', {
    name: 'tcp-echo',
    workload: version(scope, 'tcp-echo', 'v1', 'docker.io/istio/tcp-echo-server:1.3', 9000),
    ports: [Port.tcp(9000)],
  });
  new IngressPort(scope, 'tcp-echo-ingress', {
    gatewayPort: 31443,
    service: tcpEcho,
    tls: IngressTls.mutual('tcp-echo-credential'),
  });

  const productpage = bookinfo(scope, 'productpage');
  const at = new IngressHost(scope, 'bookinfo-gateway', {
    name: 'bookinfo-gateway',
    namespace: 'bookinfo-gateway',
    hosts: ['bookinfo.example.com'],
    tls: IngressTls.credential('bookinfo-credential'),
    api: IngressApi.STANDARD,
  });
  const pages = ['/productpage', '/login', '/logout'].map((path) => PathMatch.exact(path));
  new IngressRoute(scope, 'productpage-ingress', {
    at,
    service: productpage,
    paths: [...pages, PathMatch.prefix('/static'), PathMatch.prefix('/api/v1/products')],
  });
}
