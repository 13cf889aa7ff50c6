import type { ExternalIntent } from '../intent/external';
import { mergeResilience } from '../intent/resilience';
import type { Provider } from '../providers/provider';
import type { ExternalEntry, Registry } from './registry';

/** An external host with the protections of its namespace, which may have been declared after it. */
export function externalIntent(
  { intent, said }: ExternalEntry,
  { namespaces }: Registry,
  { resilience }: Provider,
): ExternalIntent {
  const namespace = namespaces.get(intent.namespace)?.resilience ?? {};
  return { ...intent, resilience: mergeResilience(resilience, namespace, said) };
}
