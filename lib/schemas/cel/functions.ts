import { isIP, isIPv6 } from 'node:net';

import { celFunc, celMethod, CelScalar, mapType, type CelFunc } from '@bufbuild/cel';

import { parseRequestUri, type Url } from './url';

const { BOOL, DYN, INT, STRING } = CelScalar;
const MAP = mapType(DYN, DYN);

/** Kubernetes' URL library; a URL is a map here, since only these functions ever see it. */
export const urlFunctions: readonly CelFunc[] = [
  celFunc('isURL', [STRING], BOOL, (text) => parseRequestUri(text) !== undefined),
  celFunc('url', [STRING], MAP, (text) => {
    const url = parseRequestUri(text);
    if (url === undefined) throw new Error(`URL parse error of \`${text}\``);
    return new Map(Object.entries(url));
  }),
  getter('getScheme', 'scheme'),
  getter('getHost', 'host'),
  getter('getHostname', 'hostname'),
  getter('getPort', 'port'),
  getter('getEscapedPath', 'path'),
];

/** The evaluator's own `int` reads what JavaScript reads: an empty text, spaces and hexadecimal numbers too. */
export const conversionFunctions: readonly CelFunc[] = [
  celFunc('int', [STRING], INT, (text) => {
    const number = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
    if (number === undefined || BigInt.asIntN(64, number) !== number) throw new Error(`\`${text}\` is not an integer`);
    return number;
  }),
];

/** Kubernetes' IP and CIDR libraries, as far as a rule can use them without objects of their own. */
export const addressFunctions: readonly CelFunc[] = [
  celFunc('isIP', [STRING], BOOL, isAddress),
  celFunc('isCIDR', [STRING], BOOL, isCidr),
  celFunc('ip', [STRING], STRING, (text) => {
    if (!isAddress(text)) throw new Error(`IP address parse error of \`${text}\``);
    return text;
  }),
  celMethod('family', STRING, [], INT, function () {
    return BigInt(isIP(this));
  }),
];

function getter(name: string, part: keyof Url): CelFunc {
  return celMethod(name, MAP, [], STRING, function () {
    const value = this.get(part);
    return typeof value === 'string' ? value : '';
  });
}

/** Kubernetes refuses zones, and IPv4 addresses in the clothes of IPv6. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%') && !(isIPv6(text) && /^(0*:)*:?ffff:[\d.]+$/i.test(text));
}

function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  if (rest.length > 0 || !isAddress(address) || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return false;
  return Number(prefix) <= (isIPv6(address) ? 128 : 32);
}
