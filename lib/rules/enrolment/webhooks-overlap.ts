import { mentionedLabels, selects } from '../../manifests/label-selector';
import { findService } from '../../manifests/mesh/services';
import type { Webhook } from '../../manifests/mesh/webhooks';
import { webhooks } from '../../manifests/mesh/webhooks';
import type { ManifestView } from '../../manifests/view';
import { nameOf } from '../../manifests/view';
import type { Violation } from '../finding';
import type { Rule } from '../rule';
import { together } from '../samples';

const INJECTOR = `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector }
webhooks:
  - name: namespace.sidecar-injector.istio.io
    clientConfig: { service: { name: istiod, namespace: istio-system, path: /inject } }
    namespaceSelector: { matchExpressions: [{ key: istio-injection, operator: In, values: [enabled] }] }
`;
const CANARY = `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector-canary }
webhooks:
  - name: rev.namespace.sidecar-injector.istio.io
    clientConfig: { service: { name: istiod, namespace: istio-system, path: /inject } }
    namespaceSelector:
      matchExpressions: [{ key: istio.io/rev, operator: In, values: [canary] }, { key: istio-injection, operator: DoesNotExist }]
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: istiod, namespace: istio-system }
spec: { selector: { app: istiod }, ports: [{ name: https-webhook, port: 443, targetPort: 15017 }] }
`;

export const webhooksOverlap: Rule = {
  code: 'MESH-CHK-516',
  istio: 'IST0139',
  severity: 'error',
  title: 'A webhook of Istio that takes the pods of another one, or leads to no Service',
  why: 'Two injectors put two proxies into one pod, and a webhook that nobody answers keeps pods from starting.',
  fix: 'remove what an old installation has left, or make the selectors of revisions exclude each other',
  examples: {
    bad: [
      together(SERVICE, INJECTOR, CANARY.replace(', { key: istio-injection, operator: DoesNotExist }', '')),
      together(`apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system }\n`, INJECTOR),
    ],
    good: [
      together(SERVICE, INJECTOR, CANARY),
      together(
        SERVICE,
        INJECTOR,
        `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: defaults }
webhooks:
  - name: defaults.example.com
    clientConfig: { service: { name: defaults, namespace: shop } }
    namespaceSelector: { matchExpressions: [{ key: istio-injection, operator: In, values: [enabled] }] }
`,
      ),
    ],
  },
  check: (view) => [...overlaps(view), ...unanswered(view)],
};

function overlaps(view: ManifestView): readonly Violation[] {
  const injectors = webhooks(view).filter(({ injects }) => injects);
  return injectors.flatMap((one, index) =>
    injectors.slice(0, index).flatMap((other) => {
      const common = [one, other].every(({ object }) => object === one.object) ? undefined : commonLabels(one, other);
      return common === undefined
        ? []
        : [
            {
              object: one.object,
              field: `${one.path}.namespaceSelector`,
              message: `\`${one.name}\` and \`${other.name}\` of \`${nameOf(other.object)}\` both inject into ${common}`,
            },
          ];
    }),
  );
}

function unanswered(view: ManifestView): readonly Violation[] {
  return webhooks(view).flatMap(({ object, path, name, service }) =>
    service === undefined ||
    !view.sees(service.namespace) ||
    findService(view, service.namespace, service.name) !== undefined
      ? []
      : [
          {
            object,
            field: `${path}.clientConfig.service`,
            message: `\`${name}\` leads to the Service \`${service.namespace}/${service.name}\`, which does not exist`,
          },
        ],
  );
}

type Labels = Readonly<Record<string, string>>;

/** What a namespace and a pod look like that both webhooks take, in words. */
function commonLabels(a: Webhook, b: Webhook): string | undefined {
  const namespace = candidates(a.namespaces, b.namespaces).find((labels) =>
    [a, b].every(({ namespaces }) => selects(namespaces, labels)),
  );
  const pod = candidates(a.pods, b.pods).find((labels) => [a, b].every(({ pods }) => selects(pods, labels)));
  return namespace === undefined || pod === undefined
    ? undefined
    : `${described('a namespace', namespace)} and ${described('a pod', pod)}`;
}

/** All labels that make a difference to two selectors: each key without a value, with each value named, and with another one. */
function candidates(...selectors: readonly unknown[]): readonly Labels[] {
  const values = new Map<string, Set<string>>();
  for (const [key, named] of selectors.flatMap(mentionedLabels)) {
    values.set(key, new Set([...(values.get(key) ?? []), ...named]));
  }
  return [...values].reduce<readonly Labels[]>(
    (all, [key, named]) =>
      all.flatMap((labels) => [labels, ...[...named, 'other'].map((value) => ({ ...labels, [key]: value }))]),
    [{}],
  );
}

function described(what: string, labels: Labels): string {
  const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return text.length === 0 ? `${what} without labels` : `${what} with \`${text.join(', ')}\``;
}
