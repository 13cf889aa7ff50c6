import { apiGroup } from '../../manifests/objects';
import { schemaViolations } from '../problems';
import type { Rule } from '../rule';

const GROUP = /(^|\.)istio\.io$/;
/** Input of an operator or of istioctl, for which there is no schema here. */
const OTHERS: readonly string[] = ['install.istio.io'];

export const unknownKind: Rule = {
  code: 'MESH-CHK-106',
  istio: 'IST0002',
  severity: 'error',
  title: 'A kind or version that Istio no longer has, or never had',
  why: 'There is no CustomResourceDefinition for it, so that the API server refuses the object.',
  fix: 'write the kind in a version that is served, such as `networking.istio.io/v1` or `security.istio.io/v1`',
  examples: {
    bad: [
      `apiVersion: authentication.istio.io/v1alpha1
kind: Policy
metadata: { name: default, namespace: shop }
spec: { peers: [{ mtls: {} }] }
`,
      `apiVersion: networking.istio.io/v2
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: mesh, namespace: istio-system }
spec: { profile: minimal }
`,
    ],
  },
  check: (view) =>
    schemaViolations(view, 'no schema').flatMap(({ object }) => {
      const { apiVersion, kind } = object.object;
      const group = apiGroup(apiVersion);
      return GROUP.test(group) && !OTHERS.includes(group)
        ? [{ object, field: 'apiVersion', message: `there is no \`${kind}\` in \`${apiVersion}\`` }]
        : [];
    }),
};
