import type * as Re2 from 're2js';

/** A regular expression as proxies read it (RE2: no look-around, no back-references). Fails where it is none. */
export function compileRegex(regex: string): Re2.RE2JS {
  // A quarter of a megabyte: only those who match by regular expressions wait for it.
  const { RE2JS } = require('re2js') as typeof Re2;
  return RE2JS.compile(regex);
}
