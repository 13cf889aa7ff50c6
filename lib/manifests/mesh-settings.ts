import { parseDocuments } from './documents';
import { fieldAt, isRecord } from './objects';

/** Settings of the whole mesh, with what Istio takes where its configuration leaves them out. */
export interface MeshSettings {
  /** Whether they were read, and are not what Istio would take. */
  readonly known: boolean;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  /** What proxies do with hosts that the mesh does not know. */
  readonly outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  readonly autoMtls: boolean;
  readonly defaultExports: Readonly<Record<'service' | 'virtualService' | 'destinationRule', readonly string[]>>;
  /** The whole configuration as it is written; empty where it was not read. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Reads a MeshConfig, as it stands below `mesh` in the ConfigMap `istio`.
 *
 * Source: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 */
export function readMeshSettings(config: unknown): MeshSettings {
  const given = isRecord(config) ? config : {};
  return {
    known: isRecord(config),
    rootNamespace: text(given['rootNamespace']) ?? 'istio-system',
    trustDomain: text(given['trustDomain']) ?? 'cluster.local',
    trustDomainAliases: texts(given['trustDomainAliases']) ?? [],
    outbound: fieldAt(given, 'outboundTrafficPolicy', 'mode') === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    autoMtls: given['enableAutoMtls'] !== false,
    defaultExports: {
      service: texts(given['defaultServiceExportTo']) ?? ['*'],
      virtualService: texts(given['defaultVirtualServiceExportTo']) ?? ['*'],
      destinationRule: texts(given['defaultDestinationRuleExportTo']) ?? ['*'],
    },
    config: given,
  };
}

/** The MeshConfig or the MeshNetworks in the data of the ConfigMap `istio`; undefined where it cannot be read. */
export function settingsIn(configMap: unknown, key: 'mesh' | 'meshNetworks'): unknown {
  const text = fieldAt(configMap, 'data', key);
  return typeof text === 'string' ? parseDocuments(key, text).documents[0]?.value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : undefined;
}
