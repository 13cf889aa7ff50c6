import { celProblems } from '../../../lib/schemas/cel/check';

function holds(rule: string, value: string): boolean {
  return celProblems({ type: 'string', 'x-kubernetes-validations': [{ rule }] }, value).length === 0;
}

test.each([
  ['http://example.com', true],
  ['https://user@example.com:8443/a/b?c=d', true],
  ['http://[2001:db8::1]:80/', true],
  ['http://2001:db8::1', true],
  ['oci:image', true],
  ['/absolute/path', true],
  ['', false],
  ['example.com/image:latest', false],
  ['relative', false],
  [':80', false],
  ['http://a b/', false],
  ['http://example.com:port', false],
  ['http://example.com/%zz', false],
  ['http://example.com/\n', false],
])('isURL is for `%s` what it is for the API server', (text, expected) => {
  expect(holds('isURL(self)', text)).toBe(expected);
});

test('takes a URL apart', () => {
  const url = 'HTTPS://user@example.com:8443/a?b';
  expect(holds('url(self).getScheme() == "https"', url)).toBe(true);
  expect(holds('url(self).getHost() == "example.com:8443"', url)).toBe(true);
  expect(holds('url(self).getHostname() == "example.com"', url)).toBe(true);
  expect(holds('url(self).getPort() == "8443"', url)).toBe(true);
  expect(holds('url(self).getEscapedPath() == "/a"', url)).toBe(true);
  expect(holds('url(self).getScheme() == ""', 'relative')).toBe(false);
});

test.each([
  ['192.0.2.1', true],
  ['2001:db8::1', true],
  ['192.0.2.01', false],
  ['fe80::1%eth0', false],
  ['::ffff:192.0.2.1', false],
  ['example.com', false],
])('isIP is for `%s` what it is for the API server', (text, expected) => {
  expect(holds('isIP(self)', text)).toBe(expected);
});

test.each([
  ['192.0.2.0/24', true],
  ['2001:db8::/32', true],
  ['192.0.2.0/33', false],
  ['192.0.2.0', false],
  ['192.0.2.0/024', false],
])('isCIDR is for `%s` what it is for the API server', (text, expected) => {
  expect(holds('isCIDR(self)', text)).toBe(expected);
});

test('tells the family of an address', () => {
  expect(holds('ip(self).family() == 6', '2001:db8::1')).toBe(true);
  expect(holds('ip(self).family() == 4', 'example.com')).toBe(false);
});

test.each([
  ['80', true],
  ['+80', true],
  ['-80', true],
  ['', false],
  [' 80', false],
  ['0x50', false],
  ['8e1', false],
  ['9223372036854775808', false],
])('int reads `%s` as the API server does', (text, expected) => {
  expect(holds('int(self) >= -80', text)).toBe(expected);
});
