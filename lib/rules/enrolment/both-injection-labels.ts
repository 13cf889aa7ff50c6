import { Kind } from '../../manifests/kinds';
import type { Rule } from '../rule';

export const bothInjectionLabels: Rule = {
  code: 'MESH-CHK-501',
  istio: 'IST0123',
  severity: 'warning',
  title: 'A namespace has both labels that inject sidecars',
  why: 'With `istio-injection` and `istio.io/rev` on one namespace, the revision is ignored: pods get the proxy of the default revision, or none.',
  fix: 'keep one of the labels `istio-injection` and `istio.io/rev`',
  examples: {
    bad: [
      `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
    istio.io/rev: canary
`,
      `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: disabled
    istio.io/rev: stable
`,
    ],
    good: [
      `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: canary
`,
      `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
  annotations:
    istio.io/rev: canary
`,
    ],
  },
  check: (view) =>
    view.of(Kind.NAMESPACE).flatMap((object) => {
      const labels = object.object.metadata?.labels ?? {};
      const [injection, revision] = [labels['istio-injection'], labels['istio.io/rev']];
      return injection === undefined || revision === undefined
        ? []
        : [
            {
              object,
              field: 'metadata.labels["istio.io/rev"]',
              message: `\`istio-injection: ${injection}\` makes Istio ignore \`istio.io/rev: ${revision}\``,
            },
          ];
    }),
};
