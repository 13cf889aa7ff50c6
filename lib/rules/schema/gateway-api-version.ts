import { Kind } from '../../manifests/kinds';
import { stringMap } from '../../manifests/objects';
import { nameOf } from '../../manifests/view';
import type { Rule } from '../rule';

export const gatewayApiVersion: Rule = {
  code: 'MESH-CHK-108',
  istio: 'IST0176',
  severity: 'warning',
  title: 'A CustomResourceDefinition of the Gateway API that the release of Istio does not read',
  why: 'Istio leaves all objects of the kind out without a word: TLS passthrough and grants stop working.',
  fix: 'install the CustomResourceDefinitions of the Gateway API that belong to the release of Istio, before Istio',
  examples: {
    bad: [
      `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: tlsroutes.gateway.networking.k8s.io
  annotations: { gateway.networking.k8s.io/bundle-version: v1.4.1 }
spec: {}
`,
      `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: grpcroutes.gateway.networking.k8s.io
  annotations: { gateway.networking.k8s.io/bundle-version: v1.0.0 }
spec: {}
`,
    ],
    good: [
      `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: tlsroutes.gateway.networking.k8s.io
  annotations: { gateway.networking.k8s.io/bundle-version: v1.5.0 }
spec: {}
`,
      `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: httproutes.gateway.networking.k8s.io
  annotations: { gateway.networking.k8s.io/bundle-version: v1.4.1 }
spec: {}
`,
    ],
  },
  check: (view) =>
    view.of(Kind.CUSTOM_RESOURCE).flatMap((object) => {
      const limit = LIMITS.find(
        ({ crd, istio }) => crd === nameOf(object) && parts(view.istio).every((part, at) => part >= (istio[at] ?? 0)),
      );
      const version = stringMap(object.object.metadata?.annotations)[BUNDLE];
      if (limit === undefined || version === undefined || !isOlder(parts(version), limit.least)) return [];
      return [
        {
          object,
          field: `metadata.annotations["${BUNDLE}"]`,
          message: `Istio ${view.istio} reads it from v${limit.least.join('.')} on, and this is \`${version}\``,
        },
      ];
    }),
};

const BUNDLE = 'gateway.networking.k8s.io/bundle-version';

interface Limit {
  readonly crd: string;
  /** From this release of Istio on. */
  readonly istio: readonly [number, number];
  readonly least: readonly [number, number];
}

/** The first bundles that serve the version of a kind that Istio reads. */
const LIMITS: readonly Limit[] = [
  { crd: 'tlsroutes.gateway.networking.k8s.io', istio: [1, 30], least: [1, 5] },
  { crd: 'referencegrants.gateway.networking.k8s.io', istio: [1, 30], least: [1, 5] },
  { crd: 'grpcroutes.gateway.networking.k8s.io', istio: [1, 28], least: [1, 1] },
];

function parts(version: string): readonly number[] {
  return version.replace(/^v/, '').split('.').map(Number);
}

function isOlder([major = 0, minor = 0]: readonly number[], [wantedMajor, wantedMinor]: Limit['least']): boolean {
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
