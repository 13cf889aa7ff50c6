import { Code, MeshError } from '../errors';
import { givenText } from '../intent/given';

/** The address of a page or service of the web without a slash at its end; refuses anything else. */
export function requireUrl(field: string, url: string): string {
  if (/^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(givenText(`\`${field}\``, url))) {
    return url.replace(/\/+$/, '');
  }
  throw new MeshError(
    Code.TELEMETRY,
    `\`${field}\` is \`${url}\`, which is no address of the web`,
    'give it with its scheme and without a query, for example `https://kiali.example.com`',
  );
}
