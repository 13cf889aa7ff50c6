import { parseDocuments } from '../documents';
import { Kind } from '../kinds';
import { fieldAt, isRecord, stringMap, textAt } from '../objects';
import type { ManifestView } from '../view';
import { nameOf } from '../view';

/** What the injector of sidecars was installed with. */
export interface InjectorSettings {
  /** Whether namespaces that say nothing get sidecars. */
  readonly byDefault: boolean;
  /** Whether the CNI plugin redirects traffic, so that no init container has to. */
  readonly usesCni: boolean;
  /** The name of the own cluster. */
  readonly cluster: string;
}

/**
 * What the injector was installed with; undefined where its ConfigMap is not in the set.
 *
 * Source: the values of the chart istiod, which that ConfigMap holds:
 * https://istio.io/latest/docs/setup/additional-setup/customize-installation-helm/
 */
export function injectorSettings(view: ManifestView): InjectorSettings | undefined {
  return view.fact(readInjector);
}

/** Names of the clusters whose endpoints istiod reads: the own one, and those in its Secrets for other clusters. */
export function registries(view: ManifestView): ReadonlySet<string> {
  return new Set([
    injectorSettings(view)?.cluster ?? OWN_CLUSTER,
    ...view
      .of(Kind.SECRET)
      .filter(({ object }) => stringMap(object.metadata?.labels)['istio/multiCluster'] === 'true')
      .flatMap(({ object }) =>
        [fieldAt(object, 'data'), fieldAt(object, 'stringData')].flatMap((data) =>
          Object.keys(isRecord(data) ? data : {}),
        ),
      ),
  ]);
}

const OWN_CLUSTER = 'Kubernetes';

function readInjector(view: ManifestView): InjectorSettings | undefined {
  const configMap = view.of(Kind.CONFIG_MAP).find((found) => /^istio-sidecar-injector(-|$)/.test(nameOf(found)));
  const text = textAt(configMap?.object, 'data', 'values');
  if (text === undefined) return undefined;
  const values = parseDocuments('values', text).documents[0]?.value;
  return {
    byDefault: fieldAt(values, 'sidecarInjectorWebhook', 'enableNamespacesByDefault') === true,
    usesCni: [fieldAt(values, 'pilot', 'cni', 'enabled'), fieldAt(values, 'istio_cni', 'enabled')].includes(true),
    cluster: textAt(values, 'global', 'multiCluster', 'clusterName') || OWN_CLUSTER,
  };
}
