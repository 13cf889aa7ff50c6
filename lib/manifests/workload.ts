import type { KubeObject } from './objects';
import { fieldAt, recordList, stringMap } from './objects';
import type { PodContainer } from './pod-containers';
import { podContainers, podsEnd } from './pod-containers';

/** What a workload's manifest says about its pods. */
export interface WorkloadView {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly serviceAccountName: string | undefined;
  /** Ports that containers say they listen on. */
  readonly containerPorts: readonly number[];
  /** Container port numbers by their names. */
  readonly namedPorts: Readonly<Record<string, number>>;
  readonly replicas: number | undefined;
  readonly hostNetwork: boolean;
  /** Its containers, native sidecars included. */
  readonly containers: readonly PodContainer[];
  /** Its pods are meant to end by themselves. */
  readonly ends: boolean;
  /** Seconds that its pods have to end; undefined is unknown. */
  readonly graceSeconds: number | undefined;
}

const POD_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Rollout: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The kinds of objects that make pods. */
export const WORKLOAD_KINDS: readonly string[] = Object.keys(POD_TEMPLATES);

/** Those of them that replace their pods when the template of these changes. */
export const RESTARTING_KINDS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'];

/** Where the pod template (or the Pod itself) stands inside an object of this kind. */
export function podTemplatePath(kind: string): readonly string[] {
  return POD_TEMPLATES[kind] ?? ['spec', 'template'];
}

/** Reads a workload's manifest. */
export function readWorkload(object: KubeObject): WorkloadView {
  const template = fieldAt(object, ...podTemplatePath(object.kind));
  const podSpec = fieldAt(template, 'spec');
  const containers = [
    ...recordList(fieldAt(podSpec, 'containers')),
    ...recordList(fieldAt(podSpec, 'initContainers')).filter((container) => container.restartPolicy === 'Always'),
  ];
  const ports = containers.flatMap((container) => recordList(container.ports));
  const grace = fieldAt(podSpec, 'terminationGracePeriodSeconds');
  const replicas = fieldAt(object, 'spec', 'replicas');
  const serviceAccountName = fieldAt(podSpec, 'serviceAccountName') ?? fieldAt(podSpec, 'serviceAccount');
  return {
    kind: object.kind,
    name: object.metadata?.name ?? '',
    namespace: object.metadata?.namespace,
    matchLabels: stringMap(fieldAt(object, 'spec', 'selector', 'matchLabels')),
    podLabels: stringMap(fieldAt(template, 'metadata', 'labels')),
    podAnnotations: stringMap(fieldAt(template, 'metadata', 'annotations')),
    serviceAccountName: typeof serviceAccountName === 'string' ? serviceAccountName : undefined,
    containerPorts: ports.map((port) => port.containerPort).filter((port): port is number => typeof port === 'number'),
    namedPorts: Object.fromEntries(
      ports.flatMap(({ name, containerPort }) =>
        typeof name === 'string' && typeof containerPort === 'number' ? [[name, containerPort]] : [],
      ),
    ),
    replicas: typeof replicas === 'number' ? replicas : undefined,
    hostNetwork: fieldAt(podSpec, 'hostNetwork') === true,
    containers: podContainers(podSpec),
    graceSeconds: typeof grace === 'number' ? grace : 30,
    ends: podsEnd(object.kind, fieldAt(podSpec, 'restartPolicy')),
  };
}
