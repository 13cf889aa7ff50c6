import { App, Chart } from 'cdk8s';
import { Environment, IstioMesh, Mesh, ZeroTrustNamespace } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { authorizationDeny } from './tasks/authorization-deny';
import { authorizationDryRun } from './tasks/authorization-dry-run';
import { authorizationHttp } from './tasks/authorization-http';
import { authorizationJwt } from './tasks/authorization-jwt';
import { authorizationTcp } from './tasks/authorization-tcp';
import { circuitBreaking } from './tasks/circuit-breaking';
import { egressGateway } from './tasks/egress-gateway';
import { egressHosts } from './tasks/egress-hosts';
import { egressTlsOrigination } from './tasks/egress-tls-origination';
import { faultInjection } from './tasks/fault-injection';
import { localityFailover } from './tasks/locality-failover';
import { mirroring } from './tasks/mirroring';
import { requestRouting } from './tasks/request-routing';
import { requestTimeouts } from './tasks/request-timeouts';
import { secureIngress } from './tasks/secure-ingress';
import { tcpShifting } from './tasks/tcp-shifting';
import { trafficShifting } from './tasks/traffic-shifting';

// Tasks of Istio's documentation, each in a namespace of its own.
const TASKS: Readonly<Record<string, (scope: Construct) => void>> = {
  'authorization-deny': authorizationDeny,
  'authorization-dry-run': authorizationDryRun,
  'authorization-http': authorizationHttp,
  'authorization-jwt': authorizationJwt,
  'authorization-tcp': authorizationTcp,
  'circuit-breaking': circuitBreaking,
  'egress-gateway': egressGateway,
  'egress-hosts': egressHosts,
  'egress-tls-origination': egressTlsOrigination,
  'fault-injection': faultInjection,
  'locality-failover': localityFailover,
  mirroring,
  'request-routing': requestRouting,
  'request-timeouts': requestTimeouts,
  'secure-ingress': secureIngress,
  'tcp-shifting': tcpShifting,
  'traffic-shifting': trafficShifting,
};

const app = new App();
const mesh = new IstioMesh({
  version: '1.30.3',
  ingressGateway: { namespace: 'istio-ingress', serviceAccount: 'istio-ingress', podLabels: { istio: 'ingress' } },
});
// Faults are refused in production.
Mesh.use(app, mesh, { environment: Environment.OTHER });
for (const [name, task] of Object.entries(TASKS)) {
  const chart = new Chart(app, name, { namespace: name });
  new ZeroTrustNamespace(chart, 'Namespace', { name });
  task(chart);
}
app.synth();
