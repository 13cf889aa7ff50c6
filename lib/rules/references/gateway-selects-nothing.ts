import { Kind } from '../../manifests/kinds';
import { selectedEverywhere } from '../../manifests/mesh/workloads';
import { fieldAt, stringMap } from '../../manifests/objects';
import type { Rule } from '../rule';
import { INGRESS_PODS, PUBLIC_GATEWAY, together } from '../samples';

export const gatewaySelectsNothing: Rule = {
  code: 'MESH-CHK-209',
  istio: 'IST0101',
  severity: 'error',
  title: 'A Gateway whose selector selects no gateway pods',
  why: 'No proxy opens the ports of the Gateway, so that nothing answers.',
  fix: "write the labels of the gateway's pods into `selector`",
  examples: {
    bad: [
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingressgateway }
  servers: [{ hosts: [shop.example.com], port: { number: 80, name: http, protocol: HTTP } }]
`,
      ),
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress, app: ingress }
  servers: [{ hosts: ['*'], port: { number: 80, name: http, protocol: HTTP } }]
`,
      ),
    ],
    good: [
      together(INGRESS_PODS, PUBLIC_GATEWAY),
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: ['*'], port: { number: 80, name: http, protocol: HTTP } }]
`,
      ),
    ],
  },
  check: (view) =>
    view.of(Kind.GATEWAY).flatMap((object) => {
      const selector = stringMap(fieldAt(object.object, 'spec', 'selector'));
      // Gateways often come from a chart of their own: only a complete set tells that there is none.
      return !view.complete || Object.keys(selector).length === 0 || selectedEverywhere(view, selector).length > 0
        ? []
        : [{ object, field: 'spec.selector', message: `no pod template has the labels ${JSON.stringify(selector)}` }];
    }),
};
