import { quoted } from '../../errors';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import { fieldAt, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const retriesRepeatWrites: Rule = {
  code: 'MESH-CHK-606',
  severity: 'warning',
  title: 'Writes that are repeated after the server may have done them',
  why: 'A retry on 5xx, a reset or a timeout repeats a POST or PATCH of which nobody knows whether it took effect.',
  fix: 'match safe methods for the retries, or keep to `connect-failure,refused-stream` for writes',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay, namespace: shop }
spec:
  hosts: [pay]
  http:
    - match: [{ method: { exact: POST } }]
      retries: { attempts: 3, perTryTimeout: 2s, retryOn: '5xx' }
      route: [{ destination: { host: pay } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay, namespace: shop }
spec:
  hosts: [pay]
  http:
    - match: [{ method: { exact: PATCH }, uri: { prefix: /orders } }]
      retries: { attempts: 2, retryOn: 'connect-failure,reset,503' }
      route: [{ destination: { host: pay } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay, namespace: shop }
spec:
  hosts: [pay]
  http:
    - match: [{ method: { exact: POST } }]
      retries: { attempts: 3, perTryTimeout: 2s, retryOn: 'connect-failure,refused-stream' }
      route: [{ destination: { host: pay } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay, namespace: shop }
spec:
  hosts: [pay]
  http:
    - match: [{ method: { exact: GET } }]
      retries: { attempts: 3, perTryTimeout: 2s, retryOn: '5xx' }
      route: [{ destination: { host: pay } }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) =>
      routes.flatMap(({ path, fields, matches }) => {
        const method = matches
          .filter(([match]) => !isGrpc(match))
          .map(([match]) => textAt(match, 'method', 'exact'))
          .find((text) => text === 'POST' || text === 'PATCH');
        const risky = (textAt(fields, 'retries', 'retryOn') ?? '')
          .split(',')
          .map((text) => text.trim())
          .filter((text) => RISKY.test(text));
        return method === undefined || risky.length === 0 || fieldAt(fields, 'retries', 'attempts') === 0
          ? []
          : [{ object, field: `${path}.retries.retryOn`, message: `a \`${method}\` is repeated on ${quoted(risky)}` }];
      }),
    ),
};

/** Every call of gRPC is a POST, and its path says which one it is. */
function isGrpc(match: Readonly<Record<string, unknown>>): boolean {
  return /^\/[^/]*\.[^/]*\//.test(textAt(match, 'uri', 'exact') ?? textAt(match, 'uri', 'prefix') ?? '');
}

const RISKY = /^(5xx|gateway-error|reset|deadline-exceeded|internal|5\d\d)$/;
