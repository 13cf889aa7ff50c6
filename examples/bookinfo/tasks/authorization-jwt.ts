import { Claim, MeshedService, Operation, PathMatch, Port, TokenIssuer, TokenKeys } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client, httpbinVersion } from '../samples';

const SAMPLES = 'https://raw.githubusercontent.com/istio/istio/release-1.30/security/tools/jwt/samples';

/** Every request needs a token; with one, callers read headers, and those of one group may change something. */
export function authorizationJwt(scope: Construct): void {
  const httpbin = new MeshedService(scope, 'httpbin', {
    name: 'httpbin',
    workload: httpbinVersion(scope, 'v1'),
    ports: [Port.http(8000, { containerPort: 8080 })],
  });
  const issuer = new TokenIssuer({
    issuer: 'testing@secure.istio.io',
    keys: TokenKeys.url(`${SAMPLES}/jwks.json`),
    // Istio's sample tokens name no audience.
    anyAudience: true,
  });
  httpbin.access.requireToken({ issuers: [issuer] });

  const curl = client(scope, 'curl');
  httpbin.access.allowFrom(curl, {
    operations: [Operation.http({ methods: ['GET'], paths: [PathMatch.exact('/headers')] })],
  });
  httpbin.access.allowFrom(curl, {
    operations: [Operation.http({ methods: ['POST'], paths: [PathMatch.exact('/post')] })],
    claims: [Claim.of('groups').isOneOf('group1')],
  });
}
