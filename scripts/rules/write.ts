import { readFileSync, writeFileSync } from 'node:fs';
import { PAGE, rulesPage } from './page';

void rulesPage().then((page) => {
  if (!process.argv.includes('--check')) {
    writeFileSync(PAGE, page);
  } else if (readFileSync(PAGE, 'utf8') !== page) {
    console.error('docs/rules.md does not say what lib/rules says; fix: npm run rules:page');
    process.exitCode = 1;
  }
});
