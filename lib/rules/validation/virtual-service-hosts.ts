import { virtualServices } from '../../manifests/mesh/virtual-services';
import { fieldAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const virtualServiceHosts: Rule = {
  code: 'MESH-CHK-115',
  istio: 'IST0106',
  severity: 'error',
  title: 'Hosts of a VirtualService that Istio refuses',
  why: 'Istio refuses `*` for the mesh, a host twice, and a delegate that has gateways.',
  fix: 'name the hosts; leave `gateways`, `tls` and `tcp` out of what others delegate to',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: ['*'], http: [{ route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart, cart.shop.svc.cluster.local], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: ['*'], gateways: [ingress/public], http: [{ route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart, basket], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, hosts, names, gateways, isDelegate }) => {
      if (isDelegate)
        return fieldAt(object.object, 'spec', 'gateways') === undefined
          ? []
          : [{ object, field: 'spec.gateways', message: 'without `hosts` it is a delegate, which has no `gateways`' }];
      return hosts.flatMap((host, index) => {
        const field = `spec.hosts[${index}]`;
        if (host === '*' && gateways.includes('mesh'))
          return [{ object, field, message: '`*` is no host for the mesh' }];
        return hosts.indexOf(host) < index ? [{ object, field, message: `\`${names[index]}\` stands twice` }] : [];
      });
    }),
};
