import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { KubeObject } from '../manifests/objects';
import { fieldAt } from '../manifests/objects';
import type { Provider } from '../providers/provider';
import type { Registry } from './registry';
import type { Foreign, Tree } from './tree';

/** Certificates that stand in the tree where the gateway does not look: it reads Secrets of its own namespace only. */
export function credentialProblems(
  { entrances }: Registry,
  { ingressGateway }: Provider,
  tree: Tree,
): readonly Problem[] {
  const secrets = tree.others.filter(({ view }) => secretName(view) !== undefined);
  return entrances.flatMap(({ intent: { hosts, tls, own } }) => {
    const gateway = own ?? ingressGateway;
    if (tls.kind !== 'terminated') {
      return [];
    }
    const named = secrets.filter(({ view }) => secretName(view) === tls.credentialName);
    const [elsewhere] = named.filter(({ view }) => view.metadata?.namespace !== gateway?.namespace);
    return elsewhere === undefined || named.some(({ view }) => view.metadata?.namespace === gateway?.namespace)
      ? []
      : [problem(hosts, tls.credentialName, elsewhere, gateway?.namespace)];
  });
}

function problem(
  hosts: readonly string[],
  credentialName: string,
  { apiObject, view }: Foreign<KubeObject>,
  namespace: string | undefined,
): Problem {
  return {
    code: Code.CREDENTIAL_NAMESPACE,
    message: `the certificate \`${credentialName}\` of ${quoted(hosts)} is \`${apiObject.kind} ${view.metadata?.namespace ?? ''}/${apiObject.name}\` (\`${apiObject.node.path}\`), and the gateway reads Secrets of its own namespace \`${namespace ?? ''}\` only`,
    fix: `put the ${apiObject.kind} into \`${namespace ?? ''}\``,
  };
}

/** The name of the Secret that an object is, or that it asks for. */
function secretName(view: KubeObject): string | undefined {
  if (view.kind === 'Secret' && view.apiVersion === 'v1') {
    return view.metadata?.name;
  }
  const asked = view.kind === 'Certificate' ? fieldAt(view, 'spec', 'secretName') : undefined;
  return typeof asked === 'string' ? asked : undefined;
}
