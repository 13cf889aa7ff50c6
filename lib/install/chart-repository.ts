import { Code, MeshError } from '../errors';

/** The address of a chart repository without a slash at its end; refuses anything else. */
export function requireRepository(repository: string): string {
  if (/^(https|oci):\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(repository)) return repository.replace(/\/+$/, '');
  throw new MeshError(
    Code.INSTALL,
    `chartRepository \`${repository}\` is no address of charts`,
    'give it as `https://…` or `oci://…`',
  );
}
