import { webhooks } from '../../manifests/mesh/webhooks';
import type { Rule } from '../rule';

export const webhookAddress: Rule = {
  code: 'MESH-CHK-517',
  istio: 'IST0163',
  severity: 'error',
  title: 'A webhook of Istio without an address that can be called',
  why: 'The cluster cannot call its control plane: pods get no proxies, or do not start, and configuration is not checked.',
  fix: 'set `clientConfig.url` to an address with `https://` and a host, or name the Service of istiod',
  examples: {
    bad: [
      `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector-external }
webhooks: [{ name: rev.namespace.sidecar-injector.istio.io, clientConfig: { url: } }]
`,
      `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: istio-validator-external }
webhooks: [{ name: rev.validation.istio.io, clientConfig: { url: 'https://istiod_example:15017/validate' } }]
`,
    ],
    good: [
      `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector-external }
webhooks: [{ name: rev.namespace.sidecar-injector.istio.io, clientConfig: { url: 'https://istiod.example.com:15017/inject' } }]
`,
      `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: istio-validator }
webhooks: [{ name: rev.validation.istio.io, clientConfig: { service: { name: istiod, namespace: istio-system } } }]
`,
    ],
  },
  check: (view) =>
    webhooks(view).flatMap(({ object, path, name, url }) =>
      url === undefined || (url !== null && ADDRESS.test(url))
        ? []
        : [
            {
              object,
              field: `${path}.clientConfig.url`,
              message:
                url === null || url === ''
                  ? `\`${name}\` has neither an address nor a Service`
                  : `\`${url}\` is no address with \`https://\` and a host`,
            },
          ],
    ),
};

const LABEL = '[a-z0-9]([a-z0-9-]*[a-z0-9])?';
const ADDRESS = new RegExp(`^https://(${LABEL}(\\.${LABEL})*|\\[[0-9a-f:.]+\\])(:\\d{1,5})?(/[^?#]*)?$`, 'i');
