import type * as cdktf from 'cdktf';
import type * as helmRelease from '@cdktf/provider-helm/lib/release';
import { Code, MeshError } from '../errors';

/** What this door needs besides the library: the newest of both, which belong together. */
const VERSIONS = 'cdktf@^0.21.0 @cdktf/provider-helm@^12.1.2';

/** Loads what a package exports; fails, naming what to install, where it is not there. */
export function loaded(name: string, load: () => unknown): unknown {
  try {
    return load();
  } catch (error) {
    const cause = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new MeshError(
      Code.PACKAGES_MISSING,
      `\`cdk8s-mesh/terraform\` needs \`${name}\`, which cannot be loaded: ${cause}`,
      `install it: \`npm install ${VERSIONS}\``,
    );
  }
}

/** The packages of CDK for Terraform. Only here, so that those that come after them have one place to go to. */
export const { TerraformStack } = loaded('cdktf', () => require('cdktf')) as typeof cdktf;
export const { Release } = loaded('@cdktf/provider-helm', () =>
  require('@cdktf/provider-helm/lib/release'),
) as typeof helmRelease;
