import type { WorkloadEntrySpec, WorkloadGroupSpec } from '../../../../imports/networking.istio.io';
import type { Machines } from '../../../intent/machines';
import type { ObjectPlan } from '../../provider';
import { NETWORKING, planOf } from './plan';

/** What makes machines part of the mesh: each by its address, or the group in which they register themselves. */
export function machineObjects(namespace: string, machines: Machines): readonly ObjectPlan[] {
  const { name, addresses } = machines;
  return addresses.length === 0
    ? [planOf(NETWORKING, 'WorkloadGroup', { namespace, name }, () => groupSpec(machines))]
    : addresses.map((address) => ({
        ...planOf(NETWORKING, 'WorkloadEntry', { namespace, name: `${name}-${addressWord(address)}` }, () => ({
          address,
          ...template(machines),
        })),
        id: `WorkloadEntry-${addressWord(address)}`,
      }));
}

function groupSpec(machines: Machines): WorkloadGroupSpec {
  return { metadata: { labels: { ...machines.labels } }, template: template(machines) };
}

/** With an account, proxies take it that the machine speaks mutual TLS. */
function template({ labels, serviceAccount, network }: Machines): WorkloadEntrySpec {
  return { labels: { ...labels }, serviceAccount, ...(network === undefined ? {} : { network }) };
}

/** A part of a name that no two addresses have in common. */
function addressWord(address: string): string {
  return address.includes(':')
    ? `v6-${address.toLowerCase().replace('::', ':0:').replace(/[.:]/g, '-').replace(/^-|-$/g, '')}`
    : address.replace(/[.]/g, '-');
}
