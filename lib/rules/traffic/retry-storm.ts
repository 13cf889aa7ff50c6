import { secondsOf } from '../durations';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import { fieldAt, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const retryStorm: Rule = {
  code: 'MESH-CHK-605',
  severity: 'warning',
  title: 'Retries that outlast the request',
  why: 'All tries together must end within `timeout`: where tries that time out are repeated, the later ones are never made.',
  fix: 'make `timeout` at least `(attempts + 1) * perTryTimeout`, or try less often',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ timeout: 3s, retries: { attempts: 3, perTryTimeout: 2s, retryOn: 5xx }, route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ timeout: 500ms, retries: { attempts: 2, perTryTimeout: 500ms, retryOn: 'connect-failure,gateway-error' }, route: [{ destination: { host: cart } }] }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ timeout: 8s, retries: { attempts: 3, perTryTimeout: 2s, retryOn: 5xx }, route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ timeout: 3s, retries: { attempts: 3, perTryTimeout: 3s, retryOn: connect-failure }, route: [{ destination: { host: cart } }] }] }
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) =>
      routes.flatMap(({ path, fields }) => {
        const [whole, one] = [secondsOf(fields['timeout']), secondsOf(fieldAt(fields, 'retries', 'perTryTimeout'))];
        const attempts = fieldAt(fields, 'retries', 'attempts');
        if (
          whole === undefined ||
          one === undefined ||
          whole === 0 ||
          one === 0 ||
          typeof attempts !== 'number' ||
          attempts < 1
        )
          return [];
        // Other conditions say at once that a try has failed.
        if (
          !(textAt(fields, 'retries', 'retryOn') ?? '')
            .split(',')
            .some((text) => REPEATS_TIMEOUTS.includes(text.trim()))
        )
          return [];
        // The last try may be cut; that a second one cannot even begin is the mistake.
        return one * attempts < whole
          ? []
          : [
              {
                object,
                field: `${path}.retries.perTryTimeout`,
                message: `\`${attempts}\` retries of \`${one}s\` do not fit into the \`timeout\` of \`${whole}s\``,
              },
            ];
      }),
    ),
};

const REPEATS_TIMEOUTS: readonly string[] = ['5xx', 'gateway-error', '504', 'deadline-exceeded'];
