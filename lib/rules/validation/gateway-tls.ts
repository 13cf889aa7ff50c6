import { quoted } from '../../errors';
import { Kind } from '../../manifests/kinds';
import { fieldAt, indexedRecords, isRecord, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const gatewayTls: Rule = {
  code: 'MESH-CHK-150',
  istio: 'IST0106',
  severity: 'error',
  title: 'A server of a Gateway whose TLS settings do not fit its protocol',
  why: 'Istio refuses the Gateway, or opens the port in plain text.',
  fix: 'give HTTPS and TLS servers `tls` with a mode and a certificate, and HTTP servers none but `httpsRedirect`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 443, name: https, protocol: HTTPS } }] }
`,
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 80, name: http, protocol: HTTP }, tls: { mode: SIMPLE, credentialName: shop } }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 80, name: http, protocol: HTTP }, tls: { httpsRedirect: true } }] }
`,
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH } }] }
`,
    ],
  },
  check: (view) =>
    view.of(Kind.GATEWAY).flatMap((object) =>
      indexedRecords(fieldAt(object.object, 'spec', 'servers')).flatMap(([server, index]) => {
        const field = `spec.servers[${index}]`;
        const protocol = (textAt(server, 'port', 'protocol') ?? '').toUpperCase();
        const tls = server['tls'];
        const mode = textAt(tls, 'mode') ?? 'PASSTHROUGH';
        const isTls = protocol === 'HTTPS' || protocol === 'TLS';
        if (isTls && tls === undefined) return [{ object, field, message: `\`${protocol}\` without \`tls\`` }];
        if (!isTls)
          return isRecord(tls) &&
            ['mode', 'credentialName', 'serverCertificate', 'privateKey'].some((name) => tls[name] !== undefined)
            ? [{ object, field: `${field}.tls`, message: `a server of \`${protocol}\` takes no certificate` }]
            : [];
        const sources = ['credentialName', 'credentialNames', 'serverCertificate', 'tlsCertificates'].filter(
          (name) => fieldAt(tls, name) !== undefined,
        );
        if (['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode) && sources.length !== 1)
          return [
            {
              object,
              field: `${field}.tls`,
              message:
                sources.length === 0 ? `\`${mode}\` without a certificate` : `${quoted(sources)} exclude each other`,
            },
          ];
        return [];
      }),
    ),
};
