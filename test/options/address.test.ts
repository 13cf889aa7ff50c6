import { requireAddress, requireCidr } from '../../lib/options/address';

test.each(['10.0.0.7', '2001:db8::1', 'fd00::7', '169.254.169.254'])('%s is an address', (text) => {
  expect(requireAddress('address', text)).toBe(text);
});

test.each(['10.0.0', '10.0.0.256', '10.0.0.0/8', 'a.example.com', 'fe80::1%eth0', ''])('%j is no address', (text) => {
  expect(() => requireAddress('address', text)).toThrow('MESH-API-071');
});

test.each(['0.0.0.0', '127.0.0.1', '239.1.1.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', 'ff02::1'])(
  '%s is no address of a single host outside the pod',
  (text) => {
    expect(() => requireAddress('address', text)).toThrow('MESH-API-071');
  },
);

test.each(['10.0.0.0/8', '10.0.0.7/32', '0.0.0.0/0', '::/0', 'fd00::/8', 'fd00::7/128', '2001:db8:0:1::/64'])(
  '%s is a range',
  (text) => {
    expect(requireCidr('cidrs', text)).toBe(text);
  },
);

test.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/08/1',
  'fd00::/129',
  'a/8',
  'fe80::%eth0/64',
  '/8',
  '::ffff:10.0.0.0/104',
])('%j is no range', (text) => {
  expect(() => requireCidr('cidrs', text)).toThrow(/MESH-API-071.*is not a range/);
});

test.each(['10.0.0.1/8', '10.128.0.0/8', 'fd00::1/64', '2001:db8:0:1::/48', '1.1.1.1/0'])(
  '%s has bits beyond its mask',
  (text) => {
    expect(() => requireCidr('cidrs', text)).toThrow(/MESH-API-071.*has bits set beyond its mask/);
  },
);
