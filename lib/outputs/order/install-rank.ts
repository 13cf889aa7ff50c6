import type { KubeObject } from '../../manifests/objects';
import { apiGroup } from '../../manifests/objects';

/** Built-in kinds in the order in which a cluster wants them; the order that Helm installs in, which operators know. */
const KINDS = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
];

// The protections of a mesh stand before the pods that they protect.
const CUSTOM = KINDS.indexOf('Service') + 0.5;
const WEBHOOKS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

const BUILT_IN = new Map(KINDS.map((kind, rank) => [kind, rank]));

/** Where an object stands in a file when nothing says what must exist before it. */
export function installRank({ apiVersion, kind }: KubeObject): number {
  const group = apiGroup(apiVersion);
  const builtIn = group === '' || !group.includes('.') || group.endsWith('.k8s.io');
  if (WEBHOOKS.includes(kind)) return KINDS.length;
  return (builtIn ? BUILT_IN.get(kind) : undefined) ?? CUSTOM;
}
