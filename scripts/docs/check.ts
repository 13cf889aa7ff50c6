import { doorExports } from '../door/exports';
import { compileSnippets } from './compile';
import { pages, sources } from './files';
import { deadLinks } from './links';
import { missingExamples } from './missing-examples';
import { exampleSnippets, pageSnippets } from './snippet';

const snippets = [
  ...pages().flatMap(({ file, text }) => pageSnippets(file, text)),
  ...sources().flatMap(({ file, text }) => exampleSnippets(file, text)),
];
const messages = [
  ...compileSnippets(snippets),
  ...missingExamples(doorExports()),
  ...pages().flatMap(({ file, text }) => deadLinks(file, text)),
];
for (const message of messages) console.error(message);
if (messages.length > 0) process.exitCode = 1;
