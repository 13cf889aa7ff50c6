import { quoted } from '../../errors';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import { fieldAt, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const retries: Rule = {
  code: 'MESH-CHK-113',
  istio: 'IST0106',
  severity: 'error',
  title: 'Retries that contradict themselves',
  why: 'Istio refuses the VirtualService: with `attempts: 0` nothing may be said of how to retry, and `retryOn` takes only conditions that Envoy knows.',
  fix: 'remove what stands beside `attempts: 0`, and correct `retryOn`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ retries: { attempts: 0, perTryTimeout: 2s }, route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ retries: { attempts: 2, retryOn: '5xx,conect-failure' }, route: [{ destination: { host: cart } }] }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ retries: { attempts: 0 }, route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ retries: { attempts: 2, perTryTimeout: 1s, retryOn: 'gateway-error,connect-failure,503' }, route: [{ destination: { host: cart } }] }] }
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) =>
      routes.flatMap(({ path, fields }) => {
        const retries = fields['retries'];
        const field = `${path}.retries`;
        const beside = ['perTryTimeout', 'retryOn', 'backoff'].filter((name) => fieldAt(retries, name) !== undefined);
        const unknown = (textAt(retries, 'retryOn') ?? '')
          .split(',')
          .map((condition) => condition.trim())
          .filter((condition) => condition !== '' && !CONDITIONS.has(condition) && !/^[1-5]\d\d$/.test(condition));
        return [
          ...(fieldAt(retries, 'attempts') === 0 && beside.length > 0
            ? [{ object, field, message: `\`attempts: 0\` stands beside ${quoted(beside)}` }]
            : []),
          ...unknown.map((condition) => ({
            object,
            field: `${field}.retryOn`,
            message: `\`${condition}\` is no condition that Envoy knows`,
          })),
        ];
      }),
    ),
};

/** https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on */
const CONDITIONS: ReadonlySet<string> = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'envoy-ratelimited',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);
