import type { Kind } from './kinds';
import { Kind as Kinds, kindOf } from './kinds';
import type { LocatedObject } from './located';
import type { MeshSettings } from './mesh-settings';
import { readMeshSettings, settingsIn } from './mesh-settings';

/** The newest release of Istio whose behaviour is known. */
export const NEWEST_ISTIO = '1.31';

export interface ViewOptions {
  /** Minor release of Istio that reads the objects, such as `1.30`. Default: the newest. */
  readonly istio?: string;
  /** Whether there is nothing in the cluster beside the objects. Default: false. */
  readonly complete?: boolean;
  /** The MeshConfig. Default: that of the ConfigMap `istio` among the objects. */
  readonly meshConfig?: unknown;
  /** The MeshNetworks, or a ConfigMap that has them. Default: the ConfigMap `istio` among the objects. */
  readonly meshNetworks?: LocatedObject;
}

/** A set of objects as a whole, for reading only. What is looked up is indexed at the first use. */
export class ManifestView {
  readonly istio: string;
  readonly complete: boolean;
  /** The objects that are judged, as they were given. */
  readonly objects: readonly LocatedObject[];
  readonly mesh: MeshSettings;
  /** What says which networks the mesh is over: MeshNetworks or a ConfigMap; undefined where nobody knows. */
  readonly meshNetworks: LocatedObject | undefined;

  private readonly context: ReadonlySet<LocatedObject>;
  private readonly kinds = new Map<string, LocatedObject[]>();
  private readonly names = new Map<string, LocatedObject>();
  private readonly facts = new Map<(view: ManifestView) => unknown, unknown>();

  /** @internal */
  constructor(objects: readonly LocatedObject[], context: readonly LocatedObject[], options: ViewOptions) {
    this.istio = options.istio ?? NEWEST_ISTIO;
    this.complete = options.complete ?? false;
    this.objects = objects;
    this.context = new Set(context);
    for (const located of [...objects, ...context]) this.add(located);
    const configMap = this.of(Kinds.CONFIG_MAP).find((located) => nameOf(located) === 'istio');
    const configured = options.meshConfig ?? (configMap && settingsIn(configMap.object, 'mesh'));
    this.mesh = readMeshSettings(configured);
    this.meshNetworks = options.meshNetworks ?? configMap;
  }

  /** The objects of a kind, those of the context among them. */
  of(kind: Kind): readonly LocatedObject[] {
    return this.kinds.get(kind) ?? [];
  }

  /** All kinds that there are, as the entries of `Kind` are written. */
  allKinds(): readonly string[] {
    return [...this.kinds.keys()];
  }

  /** The objects of a kind that has no entry of its own in `Kind`. */
  ofAny(kind: string): readonly LocatedObject[] {
    return this.kinds.get(kind) ?? [];
  }

  /** The object of this name. A cluster-wide one stands in the namespace ``. */
  find(kind: Kind, namespace: string, name: string): LocatedObject | undefined {
    return this.names.get(JSON.stringify([kind, namespace, name]));
  }

  /** Whether an object is judged, and not only known. */
  isJudged(object: LocatedObject): boolean {
    return !this.context.has(object);
  }

  /** Whether all objects of a namespace are in the set, so that what is not here is nowhere. */
  sees(namespace: string): boolean {
    return this.complete || this.find(Kinds.NAMESPACE, '', namespace) !== undefined;
  }

  /** What a function works out from this view, worked out once. */
  fact<T>(workOut: (view: ManifestView) => T): T {
    if (!this.facts.has(workOut)) this.facts.set(workOut, workOut(this));
    return this.facts.get(workOut) as T;
  }

  private add(located: LocatedObject): void {
    const kind = kindOf(located.object);
    const known = this.kinds.get(kind);
    if (known === undefined) this.kinds.set(kind, [located]);
    else known.push(located);
    const key = JSON.stringify([kind, namespaceOf(located), nameOf(located)]);
    if (!this.names.has(key)) this.names.set(key, located);
  }
}

/** A view of objects; the context is known but not judged. */
export function viewOf(
  objects: readonly LocatedObject[],
  context: readonly LocatedObject[] = [],
  options: ViewOptions = {},
): ManifestView {
  return new ManifestView(objects, context, options);
}

const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  '/Namespace',
  '/Node',
  'gateway.networking.k8s.io/GatewayClass',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
]);

/** The namespace of an object: `default` where it names none, as kubectl takes it; empty for cluster-wide ones. */
export function namespaceOf({ object }: LocatedObject): string {
  const namespace: unknown = object.metadata?.namespace;
  if (CLUSTER_WIDE.has(kindOf(object))) return '';
  return typeof namespace === 'string' && namespace !== '' ? namespace : 'default';
}

/** The name of an object; empty where it has none. */
export function nameOf({ object }: LocatedObject): string {
  const name: unknown = object.metadata?.name;
  return typeof name === 'string' ? name : '';
}
