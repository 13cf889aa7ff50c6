import type { ValueMatch } from './value-match';
import { ValueMatchKind, coversValue } from './value-match';

/** Values of headers that clients send without being asked, or that proxies add. */
const USUAL: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'user-agent',
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)',
      'curl/8.5.0',
      'Go-http-client/1.1',
      'grpc-java-netty/1.60.0',
      'python-requests/2.31.0',
      'okhttp/4.12.0',
    ],
  ],
  ['accept', ['*/*', 'application/json', 'text/html,application/xhtml+xml;q=0.9']],
  ['accept-encoding', ['gzip', 'gzip, deflate, br', 'identity']],
  ['accept-language', ['en', 'de-DE,de;q=0.9', '*']],
  ['content-type', ['application/json', 'application/grpc', 'text/plain; charset=utf-8']],
  ['cookie', ['a=1', 'session=3f2a; theme=dark', '_ga=GA1.1.5; lang=en']],
  [
    'traceparent',
    [
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      '00-f1e2d3c4b5a69788796a5b4c3d2e1f00-0123456789abcdef-00',
    ],
  ],
  ['x-forwarded-for', ['10.0.0.1', '203.0.113.9, 10.2.3.4', '2001:db8::7']],
  ['x-forwarded-proto', ['http', 'https']],
  ['x-request-id', ['0f8fad5b-d9cb-469f-a165-70867728950e', '7c9e6679-7425-40de-944b-e07fc1f90ae7']],
]);

/** Whether a condition on a header holds for whatever comes. Every request has a host. */
export function holdsForUsual(header: ValueMatch): boolean {
  const { name } = header;
  return (
    name === 'host' ||
    (USUAL.get(name)?.every((value) => coversValue(header, { name, kind: ValueMatchKind.EXACT, value })) ?? false)
  );
}
