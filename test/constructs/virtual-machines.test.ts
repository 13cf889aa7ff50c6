import type { VirtualMachinesProps } from '../../lib';
import { Port, Workload } from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, names } from '../support/mesh-app';

const LEDGER = { name: 'ledger', labels: { app: 'ledger' }, serviceAccount: 'ledger', ports: [8443] };

/** The service `ledger`, on machines, between `web`, which calls it, and `mail`, which it calls. */
function ledger(props: Partial<VirtualMachinesProps>): MeshApp {
  const app = new MeshApp();
  const service = app.service('ledger', {
    ports: [Port.http(80, { containerPort: 8443 })],
    workload: Workload.virtualMachines({ ...LEDGER, ...props }),
  });
  service.access.allowFrom(app.service('web'));
  service.access.allowTo(app.service('mail'));
  return app;
}

test('machines with addresses are registered under their identity, and a Service selects them', () => {
  const app = ledger({ addresses: ['10.9.0.7', 'fd00::7'], network: 'vms' });
  expect(names(app.objects()).filter((name) => name.startsWith('Workload'))).toEqual([
    'WorkloadEntry ledger-10-9-0-7',
    'WorkloadEntry ledger-v6-fd00-0-7',
  ]);
  expect(app.find('WorkloadEntry', 'ledger-10-9-0-7')).toMatchObject({
    metadata: { namespace: 'shop' },
    spec: { address: '10.9.0.7', labels: { app: 'ledger' }, serviceAccount: 'ledger', network: 'vms' },
  });
  expect(app.find('Service', 'ledger').spec).toMatchObject({ selector: { app: 'ledger' } });
  expect(app.find('ServiceAccount', 'ledger').metadata.namespace).toBe('shop');
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
});

test('machines that register themselves have a group', () => {
  const app = ledger({ cidrs: ['10.9.0.0/16'] });
  expect(app.find('WorkloadGroup', 'ledger').spec).toEqual({
    metadata: { labels: { app: 'ledger' } },
    template: { labels: { app: 'ledger' }, serviceAccount: 'ledger' },
  });
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
});

test('NetworkPolicies know machines by their addresses, in both directions, and there is none for the machines', () => {
  const app = ledger({ addresses: ['10.9.0.7'] });
  const machine = [{ ipBlock: { cidr: '10.9.0.7/32' } }];
  expect(at(app.find('NetworkPolicy', 'web').spec, 'egress')).toEqual([
    { to: machine, ports: [{ port: 8443, protocol: 'TCP' }] },
  ]);
  expect(at(app.find('NetworkPolicy', 'mail').spec, 'ingress')).toEqual([
    { from: machine, ports: [{ port: 8080, protocol: 'TCP' }] },
  ]);
  expect(names(app.objects())).not.toContain('NetworkPolicy ledger');
});

test('grants name the identity of machines, and their policies and Sidecar select them', () => {
  const app = ledger({ addresses: ['10.9.0.7'] });
  expect(JSON.stringify(app.find('AuthorizationPolicy', 'mail').spec)).toContain('cluster.local/ns/shop/sa/ledger');
  expect(at(app.find('AuthorizationPolicy', 'ledger').spec, 'selector', 'matchLabels')).toEqual({ app: 'ledger' });
  expect(at(app.find('Sidecar', 'ledger').spec, 'workloadSelector', 'labels')).toEqual({ app: 'ledger' });
});
