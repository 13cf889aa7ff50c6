#!/usr/bin/env node
// Stands in for a Helm from before what is asked of it.
const { writeSync } = require('node:fs');

if (process.argv[2] === 'version') {
  writeSync(1, 'v3.7.2+g663a896\n');
} else {
  writeSync(2, 'Error: this feature has been marked as experimental\n');
  process.exitCode = 1;
}
