import { parse, parseAllDocuments } from 'yaml';
import type { DeliveryName } from './emitted';

type Tree = Record<string, unknown>;

interface Emitted {
  readonly kind?: string;
  readonly metadata: { readonly name: string };
  readonly spec: Tree;
  readonly data?: { readonly text: string };
}

/** What charts would get from a delivery. */
export interface ReadValues {
  /** Of the charts but gateways, as one tree: some tools have one tree for all. */
  readonly common: Tree;
  readonly gateways: Readonly<Record<string, Tree>>;
}

/** The values of the charts, from nothing but the text that a delivery emitted. */
export function readValues(name: DeliveryName, text: string): ReadValues {
  switch (name) {
    case 'argoCd':
      return joined(ofKind(text, 'Application'), ({ spec }) => at(spec, 'source', 'helm', 'valuesObject'));
    case 'flux':
      return joined(ofKind(text, 'HelmRelease'), ({ spec }) => at(spec, 'values'));
    case 'rendered':
      return joined(ofKind(text, 'ConfigMap'), ({ data }) => {
        const { values } = JSON.parse(data?.text ?? '{}') as { values: string };
        return parse(values) as Tree;
      });
    case 'terraform':
      return joined(terraformReleases(text), ({ spec }) => spec);
    case 'sail':
      return sailValues(text);
    case 'istioctl':
      return istioctlValues(parse(text) as Emitted);
  }
}

function joined(objects: readonly Emitted[], valuesOf: (object: Emitted) => Tree): ReadValues {
  const named = objects.map((object) => [object.metadata.name.replace(/-shown$/, ''), valuesOf(object)] as const);
  const isCommon = (release: string): boolean => /^(istiod.*|istio-base|istio-cni)$/.test(release);
  return {
    common: named.filter(([release]) => isCommon(release)).reduce<Tree>((tree, [, values]) => merged(tree, values), {}),
    gateways: Object.fromEntries(named.filter(([release]) => !isCommon(release))),
  };
}

/** Terraform's templates are undone, as Terraform does. */
function terraformReleases(text: string): readonly Emitted[] {
  const { resource } = JSON.parse(text) as { resource: { helm_release: Record<string, { values: string[] }> } };
  return Object.entries(resource.helm_release).map(([name, { values }]) => ({
    metadata: { name },
    spec: parse((values[0] ?? '').replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{')) as Tree,
  }));
}

function sailValues(text: string): ReadValues {
  const [istio] = ofKind(text, 'Istio');
  const [cni] = ofKind(text, 'IstioCNI');
  const own = (object: Emitted | undefined): Tree => (object === undefined ? {} : at(object.spec, 'values'));
  const said = {
    profile: istio?.spec['profile'],
    revision: istio?.metadata.name,
    defaultRevision: istio?.metadata.name,
  };
  return { common: [own(istio), own(cni), said].reduce<Tree>(merged, {}), gateways: {} };
}

function istioctlValues({ spec }: Emitted): ReadValues {
  const { values, hub, meshConfig, profile, revision, components } = spec as Record<string, Tree>;
  const common = [values ?? {}, { meshConfig, profile, revision, global: { hub } }].reduce<Tree>(merged, {});
  const lists = [components?.['ingressGateways'], components?.['egressGateways']] as readonly Tree[][];
  const secrets = at(common, 'global')['imagePullSecrets'] as readonly string[];
  const gateways = lists.flat().filter(({ enabled }) => enabled === true);
  return {
    common,
    gateways: Object.fromEntries<Tree>(
      gateways.map((gateway) => {
        const { service, serviceAnnotations, hpaSpec, podDisruptionBudget } = at(gateway, 'k8s') as Record<
          string,
          Tree
        >;
        return [
          String(gateway['name']),
          {
            profile,
            revision,
            service: { ...service, ...(serviceAnnotations === undefined ? {} : { annotations: serviceAnnotations }) },
            autoscaling: { enabled: true, ...hpaSpec },
            podDisruptionBudget,
            imagePullSecrets: secrets.map((name) => ({ name })),
          },
        ];
      }),
    ),
  };
}

function ofKind(text: string, kind: string): readonly Emitted[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Emitted)
    .filter((object) => object.kind === kind && (kind !== 'ConfigMap' || object.data !== undefined));
}

function at(tree: Tree, ...path: readonly string[]): Tree {
  return path.reduce((value, key) => (value[key] ?? {}) as Tree, tree);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merged(one: Tree, other: Tree): Tree {
  const result = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const old = result[key];
    result[key] = isTree(old) && isTree(value) ? merged(old, value) : value;
  }
  return result;
}
