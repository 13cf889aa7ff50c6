import type { ExternalIntent } from '../../intent/external';
import { serviceKey } from '../../intent/service';
import type { Unsupported } from '../provider';
import type { IstioSettings } from './settings';
import { protections } from './unsupported-protections';
import { newerThan } from './version';

/** What Istio's sidecars, in the installed version, cannot express of something outside the mesh. */
export function unsupportedExternal(
  { version, clusterDomain }: IstioSettings,
  external: ExternalIntent,
): readonly Unsupported[] {
  const { host, ports, resilience, resolution } = external;
  return [
    ...protections(version, serviceKey(external), ports, resilience),
    ...clusterHost(host, clusterDomain),
    ...(resolution.kind === 'dynamicDns'
      ? newerThan(
          version,
          'ServiceEntry resolution `DYNAMIC_DNS` in sidecars',
          `\`${host}\``,
          'declare each host by its full name, install that version, or say `WildcardResolution.UNVERIFIED_ADDRESSES`, with which forged names pass',
        )
      : []),
    ...wildcardBehindGateway(external),
    ...credentialAtSidecar(external),
  ];
}

function clusterHost(host: string, clusterDomain: string): readonly Unsupported[] {
  const services = ['svc', `svc.${clusterDomain}`];
  const covered = host.startsWith('*.') && services.some((domain) => domain.endsWith(host.slice(1)));
  return covered || services.some((domain) => host.endsWith(`.${domain}`))
    ? [
        {
          feature: `external host \`${host}\``,
          reason: 'it is the name of Services of the cluster, which the mesh knows already',
          instead: 'use `MeshedService.fromRef`',
        },
      ]
    : [];
}

function wildcardBehindGateway({ host, resolution, through }: ExternalIntent): readonly Unsupported[] {
  return through === undefined || resolution.kind === 'dns'
    ? []
    : [
        {
          feature: `the wildcard \`${host}\` through the gateway \`${serviceKey(through)}\``,
          reason: 'the server name that leads on from the gateway is one for each declared host',
          instead: 'declare each host by its full name, or leave `through` out',
        },
      ];
}

function credentialAtSidecar({ host, tls, through }: ExternalIntent): readonly Unsupported[] {
  return tls?.credentialName === undefined || through !== undefined
    ? []
    : [
        {
          feature: `the credential \`${tls.credentialName}\` for \`${host}\` without an egress gateway`,
          reason: 'the proxy of a pod reads Secrets as the application does, which would have to be allowed to',
          instead: 'lead its calls `through` an `EgressGateway`, which reads Secrets of its own namespace',
        },
      ];
}
