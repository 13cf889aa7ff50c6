import { isIPv4, isIPv6 } from 'node:net';

const QUANTITY = /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The formats of strings that the imported schemas use; `quantity` is the importer's name for Kubernetes' own type. */
const strings: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
  byte: (text) => BASE64.test(text),
  ipv4: isIPv4,
  ipv6: (text) => isIPv6(text) && !text.includes('%'),
  quantity: (text) => QUANTITY.test(text),
};

const numbers = ['int32', 'int64', 'double'];

export const knownFormats: readonly string[] = [...Object.keys(strings), ...numbers];

export function isFormat(format: string, text: string): boolean {
  return strings[format]?.(text) ?? true;
}
