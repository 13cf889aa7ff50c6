import { ApiObject } from 'cdk8s';
import type { Include } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import { givenList, givenMade, givenOptions } from '../intent/given';
import type { Labels } from '../intent/names';
import { didYouMean, requireDnsLabel, requireLabels } from '../intent/names';
import { requirePortNumber } from '../intent/port';
import { podsEnd } from '../manifests/pod-containers';
import type { WorkloadView } from '../manifests/workload';
import { WORKLOAD_KINDS } from '../manifests/workload';
import type { VirtualMachinesProps } from '../options/virtual-machines';
import { machinesOf } from '../options/virtual-machines';
import type { WorkloadSource } from '../synthesis/workload-source';

/** A workload whose manifest somebody else delivers. */
export interface ExternalWorkloadProps {
  /** Its kind, for example `Deployment`. */
  readonly kind: string;
  /** Its name. */
  readonly name: string;
  /** Labels that its pods carry and that do not change between releases. */
  readonly labels: { readonly [key: string]: string };
  /** Service account that its pods run under. */
  readonly serviceAccount: string;
  /**
   * Ports that its containers listen on.
   * @default - none
   */
  readonly containerPorts?: number[];
  /**
   * Annotations that its pods carry, where a service asks for some (`proxy`).
   * @default - none
   */
  readonly annotations?: { readonly [key: string]: string };
}

/**
 * The pods behind a service: a workload of this app, one inside an `Include`, or one that somebody else delivers.
 *
 * It is read at synth, so what is added to it later counts. Its labels and its selector are never changed; labels `app`
 * and `version`, annotations for the proxy and the service account are added where they are absent, which makes
 * Kubernetes roll the pods once.
 *
 * @example
 * import { App, ApiObject, Chart } from 'cdk8s';
 * import { Workload } from 'cdk8s-mesh';
 * const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const deployment = new ApiObject(chart, 'Cart', {
 *   apiVersion: 'apps/v1',
 *   kind: 'Deployment',
 *   metadata: { name: 'cart' },
 *   spec: {
 *     selector: { matchLabels: { app: 'cart' } },
 *     template: {
 *       metadata: { labels: { app: 'cart' } },
 *       spec: { containers: [{ name: 'cart', image: 'cart:1', ports: [{ containerPort: 8080 }] }] },
 *     },
 *   },
 * });
 * const workload = Workload.of(deployment);
 */
export class Workload {
  /** A workload of this app: an `ApiObject`, or a construct around one such as a Deployment of any cdk8s-plus. */
  static of(construct: IConstruct): Workload {
    givenMade('a workload', construct, 'node', 'a construct');
    const apiObject = ApiObject.isApiObject(construct) ? construct : construct.node.defaultChild;
    if (apiObject === undefined || !ApiObject.isApiObject(apiObject)) {
      throw new MeshError(
        Code.WORKLOAD_UNREADABLE,
        `\`${construct.node.path}\` has no single Kubernetes object behind it`,
        'give the Deployment, StatefulSet or ApiObject itself',
      );
    }
    return Workload.fromApiObject(apiObject);
  }

  /** A workload inside a manifest that is included as it is, by kind and name; the file is not changed. */
  static fromManifest(include: Include, kind: string, name: string): Workload {
    givenMade('the manifest of a workload', include, 'apiObjects', 'an `Include`');
    const found = include.apiObjects.filter((object) => object.kind === kind && object.name === name);
    const [only, second] = found;
    if (only === undefined || second !== undefined) {
      const known = include.apiObjects
        .filter((object) => WORKLOAD_KINDS.includes(object.kind))
        .map((object) => `${object.kind} ${object.name}`);
      throw new MeshError(
        Code.WORKLOAD_UNREADABLE,
        `\`${include.node.path}\` has ${found.length === 0 ? 'no' : 'more than one'} \`${kind} ${name}\`, has ${quoted(known) || 'no workloads'}${didYouMean(`${kind} ${name}`, known)}`,
        'name one workload of the included manifest',
      );
    }
    return Workload.fromApiObject(only);
  }

  /** A workload that somebody else delivers: nothing is patched, and what would have to be patched is an error. */
  static external(props: ExternalWorkloadProps): Workload {
    givenOptions('an external workload', props);
    givenOptions('`labels` of an external workload', props.labels);
    requireLabels(`labels of external workload \`${props.name}\``, props.labels);
    requireDnsLabel(`serviceAccount of external workload \`${props.name}\``, props.serviceAccount);
    givenList('`containerPorts` of an external workload', props.containerPorts ?? []).forEach((port) =>
      requirePortNumber('containerPorts', port),
    );
    const { kind, name, labels, serviceAccount, containerPorts = [], annotations } = props;
    const said = { kind, name, labels, serviceAccountName: serviceAccount, containerPorts };
    return new Workload({ kind: 'external', view: describedView(said, annotations) });
  }

  /**
   * Machines outside the cluster, each with a proxy of the mesh under one identity: those at `addresses`, or a group in which
   * machines register themselves when their proxy starts.
   *
   * @example
   * import { Workload } from 'cdk8s-mesh';
   * const workload = Workload.virtualMachines({
   *   name: 'ledger', labels: { app: 'ledger' }, serviceAccount: 'ledger', addresses: ['10.9.0.7'], ports: [8443],
   * });
   */
  static virtualMachines(props: VirtualMachinesProps): Workload {
    const machines = machinesOf(props);
    const { name, labels, serviceAccount } = machines;
    const containerPorts = (props.ports ?? []).map((port) => requirePortNumber('ports', port));
    const said = { kind: 'VirtualMachines', name, labels, serviceAccountName: serviceAccount, containerPorts };
    return new Workload({ kind: 'external', view: describedView(said), machines });
  }

  private static fromApiObject(apiObject: ApiObject): Workload {
    if (!WORKLOAD_KINDS.includes(apiObject.kind)) {
      throw new MeshError(
        Code.WORKLOAD_UNREADABLE,
        `\`${apiObject.node.path}\` is a \`${apiObject.kind}\`, which makes no pods`,
        `give one of ${quoted(WORKLOAD_KINDS)}`,
      );
    }
    return new Workload({ kind: 'object', apiObject });
  }

  /**
   * @internal
   */
  readonly _source: WorkloadSource;

  private constructor(source: WorkloadSource) {
    this._source = source;
  }
}

/** What is known of a workload whose manifest nobody reads. */
function describedView(
  said: Pick<WorkloadView, 'kind' | 'name' | 'serviceAccountName' | 'containerPorts'> & { readonly labels: Labels },
  annotations: Labels = {},
): WorkloadView {
  const { kind, name, serviceAccountName, containerPorts, labels } = said;
  return {
    kind,
    name,
    serviceAccountName,
    containerPorts,
    namespace: undefined,
    matchLabels: { ...labels },
    podLabels: { ...labels },
    podAnnotations: { ...annotations },
    namedPorts: {},
    replicas: undefined,
    hostNetwork: false,
    containers: [],
    graceSeconds: undefined,
    ends: podsEnd(kind, undefined),
  };
}
