import { webhooks } from '../../manifests/mesh/webhooks';
import type { Rule } from '../rule';

export const webhookAddressIp: Rule = {
  code: 'MESH-CHK-518',
  istio: 'IST0164',
  severity: 'warning',
  title: 'A webhook of Istio that calls an IP address',
  why: 'The address of the control plane changes when its gateway is made anew: then pods get no proxies, or do not start.',
  fix: 'use a host name in `clientConfig.url`',
  examples: {
    bad: [
      `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector-external }
webhooks: [{ name: rev.namespace.sidecar-injector.istio.io, clientConfig: { url: 'https://192.0.2.7:15017/inject' } }]
`,
      `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: istio-validator-external }
webhooks: [{ name: rev.validation.istio.io, clientConfig: { url: 'https://[2001:db8::7]:15017/validate' } }]
`,
    ],
    good: [
      `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector-external }
webhooks: [{ name: rev.namespace.sidecar-injector.istio.io, clientConfig: { url: 'https://192.istiod.example.com:15017/inject' } }]
`,
      `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: other }
webhooks: [{ name: validation.example.com, clientConfig: { url: 'https://192.0.2.7:15017/validate' } }]
`,
    ],
  },
  check: (view) =>
    webhooks(view).flatMap(({ object, path, url }) =>
      typeof url === 'string' && IP.test(url)
        ? [{ object, field: `${path}.clientConfig.url`, message: `\`${url}\` is an IP address` }]
        : [],
    ),
};

const IP = /^https:\/\/(\d+(\.\d+){3}|\[[0-9a-f:.]+\])([:/]|$)/i;
