import { Kind } from '../../manifests/kinds';
import { isInjectedByDefault } from '../../manifests/mesh/enrolment';
import { stringMap } from '../../manifests/objects';
import { nameOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { SHOP, together } from '../samples';

const INJECTOR = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio-sidecar-injector, namespace: istio-system }
data: { values: '{ "sidecarInjectorWebhook": { "enableNamespacesByDefault": true } }' }
`;

export const injectedByDefault: Rule = {
  code: 'MESH-CHK-514',
  istio: 'IST0148',
  severity: 'warning',
  title: 'A namespace that is in the mesh only because the installation takes all',
  why: 'The installation has `enableNamespacesByDefault`: an upgrade without this setting, or another cluster, leaves these pods without proxies.',
  fix: 'label the namespace with `istio-injection: enabled`, or with `istio-injection: disabled` where its pods belong outside',
  examples: {
    bad: [
      together(INJECTOR, `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n`),
      together(INJECTOR, SHOP, `apiVersion: v1\nkind: Namespace\nmetadata: { name: bank, labels: { team: money } }\n`),
    ],
    good: [
      together(INJECTOR, SHOP, `apiVersion: v1\nkind: Namespace\nmetadata: { name: kube-system }\n`),
      together(INJECTOR.replace('true', 'false'), `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n`),
    ],
  },
  check: (view) =>
    view
      .of(Kind.NAMESPACE)
      .filter((object) => isInjectedByDefault(view, nameOf(object), stringMap(object.object.metadata?.labels)))
      .map((object) => ({
        object,
        field: 'metadata.labels',
        message: `nothing says that \`${nameOf(object)}\` is in the mesh but \`enableNamespacesByDefault\` of the installation`,
      })),
};
