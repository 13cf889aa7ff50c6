import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { fieldAt, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const tlsNotVerified: Rule = {
  code: 'MESH-CHK-604',
  istio: 'IST0128',
  istioToo: ['IST0129'],
  severity: 'warning',
  title: 'TLS to a host whose certificate nobody checks',
  why: 'Without CA certificates the proxy takes any certificate, from whoever is in between.',
  fix: 'set `caCertificates` or `credentialName`, and `subjectAltNames`; `caCertificates: system` means those of the system',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec: { host: api.partner.example, trafficPolicy: { tls: { mode: SIMPLE, sni: api.partner.example, insecureSkipVerify: true } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec: { host: api.partner.example, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: MUTUAL, clientCertificate: /c.pem, privateKey: /k.pem } }] } }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec: { host: api.partner.example, trafficPolicy: { tls: { mode: SIMPLE, sni: api.partner.example } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec: { host: api.partner.example, trafficPolicy: { tls: { mode: MUTUAL, credentialName: partner, subjectAltNames: [api.partner.example] } } }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) =>
      trafficPolicies(rule).flatMap(({ path, policy }) => {
        const tls = policy['tls'];
        const mode = textAt(tls, 'mode');
        const field = `${path}.tls`;
        if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return [];
        if (fieldAt(tls, 'insecureSkipVerify') === true)
          return [{ object: rule.object, field: `${field}.insecureSkipVerify`, message: 'any certificate is taken' }];
        // Since Istio 1.24 (VERIFY_CERTIFICATE_AT_CLIENT), SIMPLE without a CA means those of the system.
        const verified = ['caCertificates', 'credentialName'].some((name) => (textAt(tls, name) ?? '') !== '');
        return verified || mode === 'SIMPLE'
          ? []
          : [{ object: rule.object, field, message: `\`${mode}\` without CA certificates takes any certificate` }];
      }),
    ),
};
