/** What some YAML reader takes for a truth value, a null, a merge, or a number that is written in letters. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|~|<<|=|[-+]?\.?(?:inf|nan|infinity))$/i;
const LONGEST_WORD = 10;

/** Nothing but what numbers, dates and times are written with, in YAML 1.1, in YAML 1.2 or by Go. */
const NUMBER_LIKE = /^(?:[-+.\d_]|e(?=[-+\d]))[-+.:\d_a-foxtz\s]*$/i;

/** Whether plain text would come back as something else from one of the readers that manifests meet. */
export function isAmbiguous(text: string): boolean {
  return (text.length <= LONGEST_WORD && WORDS.test(text)) || NUMBER_LIKE.test(text);
}
