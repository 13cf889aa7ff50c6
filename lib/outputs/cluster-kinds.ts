import type { KubeObject } from '../manifests/objects';
import { apiGroup } from '../manifests/objects';

/** Built-in kinds without a namespace, which cdk8s writes into the metadata of every object of a chart that has one. */
const CLUSTER_KINDS: ReadonlySet<string> = new Set([
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'certificates.k8s.io/CertificateSigningRequest',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'gateway.networking.k8s.io/GatewayClass',
  'networking.k8s.io/IngressClass',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
]);

/** Whether objects of this kind have no namespace, as far as this library knows. */
export function isClusterScoped({ apiVersion, kind }: KubeObject): boolean {
  return CLUSTER_KINDS.has(`${apiGroup(apiVersion)}/${kind}`);
}

/** The namespace that an object belongs to in a cluster. */
export function namespaceOf(object: KubeObject): string | undefined {
  return isClusterScoped(object) ? undefined : object.metadata?.namespace;
}
