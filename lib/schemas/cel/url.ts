export interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
}

/**
 * A URL as Go's `url.ParseRequestURI` reads it, which is what Kubernetes' `isURL` asks: an absolute URI or an absolute
 * path, without a fragment. WHATWG's parser differs: it mends what this one refuses.
 */
export function parseRequestUri(text: string): Url | undefined {
  if (text === '' || /\p{Cc}/u.test(text)) return undefined;
  const [, scheme = '', afterScheme = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  if (scheme === '' && text.startsWith(':')) return undefined;
  const [rest = ''] = afterScheme.split('?', 1);
  const empty = { scheme: scheme.toLowerCase(), host: '', hostname: '', port: '', path: '' };
  // Such as `mailto:a@b`: what follows the scheme is opaque.
  if (!rest.startsWith('/')) return scheme === '' && rest !== '*' ? undefined : empty;
  const [, authority, path = ''] = /^(?:\/\/([^/]*))?(.*)$/s.exec(rest) ?? [];
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return undefined;
  if (authority === undefined || scheme === '') return { ...empty, path: rest };
  const host = parseHost(authority.slice(authority.lastIndexOf('@') + 1));
  return host && { ...empty, ...host, path };
}

function parseHost(host: string): Pick<Url, 'host' | 'hostname' | 'port'> | undefined {
  // A port follows the last colon only; Go lets an address of IPv6 go without brackets.
  const parts = /^(\[[0-9A-Fa-f:.]+\]|[^[\]]*(?=:\d*$)|[^:[\]]*)(?::(\d*))?$/.exec(host);
  const hostname = parts?.[1];
  if (hostname === undefined || /[ \\^`{|}%#]/.test(hostname)) return undefined;
  return { host, hostname: hostname.replace(/^\[|\]$/g, ''), port: parts?.[2] ?? '' };
}
