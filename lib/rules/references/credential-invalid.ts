import { quoted } from '../../errors';
import { Kind } from '../../manifests/kinds';
import { selectedEverywhere } from '../../manifests/mesh/workloads';
import { fieldAt, indexedRecords, stringMap, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';
import { INGRESS_PODS, together } from '../samples';

export const credentialInvalid: Rule = {
  code: 'MESH-CHK-221',
  istio: 'IST0161',
  severity: 'error',
  title: "A certificate's Secret without what a Gateway needs",
  why: 'The gateway cannot read the certificate and does not open the port.',
  fix: 'put `tls.crt` and `tls.key` into the Secret, and `ca.crt` for MUTUAL',
  examples: {
    bad: [
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: shop } }] }
---
apiVersion: v1
kind: Secret
metadata: { name: shop, namespace: ingress }
stringData: { certificate: '-', key: '-' }
`,
      ),
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: shop } }] }
---
apiVersion: v1
kind: Secret
metadata: { name: shop, namespace: ingress }
stringData: { tls.crt: '-' }
`,
      ),
    ],
    good: [
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: shop } }] }
---
apiVersion: v1
kind: Secret
metadata: { name: shop, namespace: ingress }
stringData: { tls.crt: '-', tls.key: '-' }
`,
      ),
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: shop } }] }
---
apiVersion: v1
kind: Secret
metadata: { name: shop, namespace: ingress }
data: {}
`,
      ),
    ],
  },
  check: (view) =>
    view.of(Kind.GATEWAY).flatMap((object) => {
      const selector = stringMap(fieldAt(object.object, 'spec', 'selector'));
      const pods = Object.keys(selector).length === 0 ? [] : selectedEverywhere(view, selector);
      return indexedRecords(fieldAt(object.object, 'spec', 'servers')).flatMap(([server, index]) => {
        const name = textAt(server, 'tls', 'credentialName') ?? '';
        const secret = pods
          .map(({ namespace }) => view.find(Kind.SECRET, namespace, name))
          .find((found) => found !== undefined);
        const keys = [
          ...Object.keys(stringMap(fieldAt(secret?.object, 'data'))),
          ...Object.keys(stringMap(fieldAt(secret?.object, 'stringData'))),
        ];
        // A Secret without any data is filled in by somebody else.
        const isWhole = PAIRS.some((pair) => pair.every((key) => keys.includes(key)));
        return keys.length === 0 || isWhole
          ? []
          : [
              {
                object,
                field: `spec.servers[${index}].tls.credentialName`,
                message: `the Secret \`${name}\` has ${quoted(keys)}, and neither \`tls.crt\` with \`tls.key\` nor \`cert\` with \`key\``,
              },
            ];
      });
    }),
};

const PAIRS: readonly (readonly string[])[] = [
  ['tls.crt', 'tls.key'],
  ['cert', 'key'],
];
