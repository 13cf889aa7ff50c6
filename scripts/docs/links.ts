import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parsePage } from './markdown';

const ROOT = resolve(__dirname, '../..');
const LINKS = [/\[(?:[^\]\\]|\\.)*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g, /^\s*\[[^\]]+\]:\s+(\S+)/g];

/** One message for every link of a page to a file or a heading that is not there. Links into the web are not followed. */
export function deadLinks(file: string, text: string): readonly string[] {
  return parsePage(text).prose.flatMap((line, index) =>
    targets(line.replace(/`[^`]*`/g, ''))
      .filter((target) => !isAlive(file, text, target))
      .map(
        (target) => `${relative(ROOT, file)}:${index + 1} the link \`${target}\` leads nowhere; fix: correct its path`,
      ),
  );
}

function targets(line: string): readonly string[] {
  return LINKS.flatMap((link) => [...line.matchAll(link)].flatMap((match) => match[1] ?? [])).filter(
    (target) => !/^[a-z][a-z+.-]*:/i.test(target),
  );
}

function isAlive(file: string, text: string, target: string): boolean {
  const [path = '', anchor] = decodeURIComponent(target).split('#');
  const found = path === '' ? file : join(dirname(file), path);
  if (path !== '' && !existsSync(found)) return false;
  if (anchor === undefined) return true;
  const page = path === '' ? text : statSync(found).isFile() ? readFileSync(found, 'utf8') : '';
  return headings(page).has(anchor);
}

/** The anchors of a page's headings, as GitHub makes them. */
function headings(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = parsePage(text).prose.flatMap((line) => {
    const title = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (title === undefined) return [];
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return [count === 0 ? slug : `${slug}-${count}`];
  });
  return new Set(anchors);
}
