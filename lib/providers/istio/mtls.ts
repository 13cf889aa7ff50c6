import type { PeerAuthenticationSpec } from '../../../imports/security.istio.io';
import type { WorkloadMtls } from '../../intent/migration';
import type { Labels } from '../../intent/names';
import type { Port } from '../../intent/port';

/** Only calls over mutual TLS, for every pod of the namespace. */
export const STRICT: PeerAuthenticationSpec = { mtls: { mode: 'STRICT' } };

/** Calls over mutual TLS where the caller can, in plain text otherwise. */
export const PERMISSIVE: PeerAuthenticationSpec = { mtls: { mode: 'PERMISSIVE' } };

/** STRICT but for the ports that a caller outside the mesh has to reach. */
export function plaintextPortsSpec(podLabels: Labels, ports: readonly Port[]): PeerAuthenticationSpec {
  const numbers = [...new Set(ports.map((port) => port.containerPort))].sort((a, b) => a - b);
  return {
    selector: { matchLabels: { ...podLabels } },
    ...STRICT,
    portLevelMtls: Object.fromEntries(numbers.map((port) => [String(port), { mode: 'PERMISSIVE' as const }])),
  };
}

/** What one workload says during a migration; without a mode, it is as its namespace on all other ports. */
export function workloadMtlsSpec(podLabels: Labels, { mode, openPorts }: WorkloadMtls): PeerAuthenticationSpec {
  return {
    selector: { matchLabels: { ...podLabels } },
    ...(mode === undefined ? {} : mode === 'strict' ? STRICT : PERMISSIVE),
    ...(openPorts.length === 0
      ? {}
      : {
          portLevelMtls: Object.fromEntries(openPorts.map((port) => [String(port), { mode: 'PERMISSIVE' as const }])),
        }),
  };
}
