import { givenShape } from '../../intent/given';
import { requireUrl } from '../../options/url';
import type { Values } from '../helm-release';

/** An OpenID provider. */
export interface KialiOpenIdOptions {
  /** Address of the provider, for example `https://login.example.com`. */
  readonly issuerUrl: string;
  /** What Kiali is called there. Its secret is `oidc-secret` of the Secret of the install. */
  readonly clientId: string;
}

/**
 * How people log in to Kiali. Whatever they do in it they do with their own rights in Kubernetes.
 *
 * @example
 * import { KialiLogin } from 'cdk8s-mesh';
 * KialiLogin.openId({ issuerUrl: 'https://login.example.com', clientId: 'kiali' });
 */
export class KialiLogin {
  /** With the token of a service account. */
  static token(): KialiLogin {
    return new KialiLogin({ auth: { strategy: 'token' } });
  }

  /** With an OpenID provider, whose tokens the API server of the cluster accepts, too. */
  static openId(options: KialiOpenIdOptions): KialiLogin {
    const where = '`KialiLogin.openId`';
    const { issuerUrl, clientId } = givenShape(where, options, { issuerUrl: 'text', clientId: 'text' });
    const openid = { client_id: clientId, issuer_uri: requireUrl('issuerUrl', issuerUrl) };
    return new KialiLogin({ auth: { strategy: 'openid', openid } });
  }

  /** With OpenShift. Kiali's route has to be known before. */
  static openShift(routeUrl: string): KialiLogin {
    return new KialiLogin({ auth: { strategy: 'openshift' }, kiali_route_url: requireUrl('routeUrl', routeUrl) });
  }

  /** Not at all: whoever reaches it sees everything that Kiali sees. */
  static unsafeAnonymous(): KialiLogin {
    return new KialiLogin({ auth: { strategy: 'anonymous' } });
  }

  private constructor(
    /**
     * What it adds to the values of the chart.
     * @internal
     */
    readonly _values: Values,
  ) {}
}
