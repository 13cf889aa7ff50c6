/** Labels whose values change when a construct moves or a pod template changes, so that nothing may select by them. */
const HASH_LABELS: readonly string[] = [
  'cdk8s.io/metadata.addr',
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
];

/** Whether a label's value is a hash that is not stable. */
export function isHashLabel(key: string): boolean {
  return HASH_LABELS.includes(key);
}
