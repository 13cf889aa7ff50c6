import { fieldAt, recordList } from '../../manifests/objects';
import { Kind } from '../../manifests/kinds';
import { policies } from '../../manifests/mesh/policies';
import { workloads } from '../../manifests/mesh/workloads';
import type { ManifestView } from '../../manifests/view';
import { podTemplatePath } from '../../manifests/workload';
import type { Rule } from '../rule';
import { together } from '../samples';

const ISTIOD = `apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system, labels: { app: istiod } }
spec:
  selector: { matchLabels: { istio: pilot } }
  template:
    metadata: { labels: { app: istiod, istio: pilot } }
    spec: { containers: [{ name: discovery, image: pilot }] }
`;
const TOKENS = `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://login.example.com, jwksUri: https://login.example.com/keys }] }
`;

export const jwksAnywhere: Rule = {
  code: 'MESH-CHK-423',
  istio: 'IST0175',
  severity: 'warning',
  title: 'Keys for tokens are fetched by an istiod that may call any address',
  why: 'Whoever may write a RequestAuthentication makes istiod call addresses inside of the cluster and of the cloud.',
  fix: 'set the variable `BLOCKED_CIDRS_IN_JWKS_URIS` of istiod to the ranges that nobody fetches keys from, such as `169.254.0.0/16,10.0.0.0/8`',
  examples: {
    bad: [
      together(ISTIOD, TOKENS),
      together(
        ISTIOD,
        `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://login.example.com }] }
`,
      ),
    ],
    good: [
      together(
        ISTIOD.replace('image: pilot', 'image: pilot, env: [{ name: BLOCKED_CIDRS_IN_JWKS_URIS, value: 10.0.0.0/8 }]'),
        TOKENS,
      ),
      together(
        ISTIOD,
        `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://login.example.com, jwks: '{ "keys": [] }' }] }
`,
      ),
    ],
  },
  check: (view) =>
    !view.fact(callsAnything)
      ? []
      : policies(view, Kind.REQUEST_AUTHENTICATION).flatMap(({ object, spec }) => {
          const index = recordList(spec['jwtRules']).findIndex((rule) => rule['jwks'] === undefined);
          return index < 0
            ? []
            : [
                {
                  object,
                  field: `spec.jwtRules[${index}]`,
                  message: 'istiod fetches these keys, and `BLOCKED_CIDRS_IN_JWKS_URIS` forbids it no address',
                },
              ];
        }),
};

/** Whether an istiod of the set has no such limits. */
function callsAnything(view: ManifestView): boolean {
  return workloads(view)
    .filter(({ labels }) => labels['app'] === 'istiod')
    .some(({ object: { object } }) => {
      const containers = recordList(fieldAt(object, ...podTemplatePath(object.kind), 'spec', 'containers'));
      const variables = containers.flatMap((container) => recordList(container['env']));
      return !variables.some(
        (variable) => variable['name'] === 'BLOCKED_CIDRS_IN_JWKS_URIS' && variable['value'] !== '',
      );
    });
}
