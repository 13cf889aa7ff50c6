import { sidecars } from '../../manifests/mesh/sidecars';
import { fieldAt, indexedRecords, textList } from '../../manifests/objects';
import type { Rule } from '../rule';

export const sidecarForm: Rule = {
  code: 'MESH-CHK-140',
  istio: 'IST0106',
  severity: 'error',
  title: 'A Sidecar that Istio refuses',
  why: 'Istio refuses a Sidecar that says nothing, hosts without a namespace, and a listener without a port before others.',
  fix: 'write hosts as `NAMESPACE/HOST`, such as `./*`, and put the listener without `port` last',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: {}
`,
      `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: [cart.shop.svc.cluster.local] }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
`,
    ],
  },
  check: (view) =>
    sidecars(view).flatMap(({ object, selector }) => {
      const spec = fieldAt(object.object, 'spec');
      const said = ['ingress', 'egress', 'outboundTrafficPolicy', 'inboundConnectionPool'].some(
        (name) => fieldAt(spec, name) !== undefined,
      );
      const egress = indexedRecords(fieldAt(spec, 'egress'));
      return [
        ...(said || selector !== undefined
          ? []
          : [
              {
                object,
                field: 'spec',
                message: "nothing is said here; to import nothing, write `egress: [{ hosts: ['~/*'] }]`",
              },
            ]),
        ...egress.flatMap(([listener, index]) => [
          ...(listener['port'] === undefined && index < egress.length - 1
            ? [{ object, field: `spec.egress[${index}]`, message: 'only the last listener may have no `port`' }]
            : []),
          ...textList(listener['hosts']).flatMap((host, at) =>
            /^(\*|\.|~|[a-z0-9-]+)\/\S+$/.test(host)
              ? []
              : [
                  {
                    object,
                    field: `spec.egress[${index}].hosts[${at}]`,
                    message: `\`${host}\` is not written as \`NAMESPACE/HOST\``,
                  },
                ],
          ),
        ]),
      ];
    }),
};
