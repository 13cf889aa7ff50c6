import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { Rule } from '../rule';

export const noRoute: Rule = {
  code: 'MESH-CHK-110',
  istio: 'IST0106',
  severity: 'error',
  title: 'A VirtualService without any route',
  why: 'Istio refuses a VirtualService that has none of `http`, `tls` and `tcp`.',
  fix: 'add a route under `http`, `tls` or `tcp`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [], tcp: [] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], tcp: [{ route: [{ destination: { host: cart } }] }] }
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) =>
      routes.length === 0 ? [{ object, field: 'spec', message: 'there is neither `http` nor `tls` nor `tcp`' }] : [],
    ),
};
