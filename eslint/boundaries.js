const importDirections = require('./import-directions');

const exportLinesOnly = 'a door has export lines only; fix: move this to a file of its own';

/**
 * The rules that keep the architecture; they need no type information.
 * @type {import('eslint').Linter.Config[]}
 */
module.exports = [
  {
    files: ['lib/**/*.ts', 'examples/**/*.ts'],
    plugins: { mesh: { rules: { 'import-directions': importDirections } } },
    rules: { 'mesh/import-directions': 'error' },
  },
  {
    files: ['lib/index.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Program > :not(ExportNamedDeclaration, ExportAllDeclaration)', message: exportLinesOnly },
        { selector: 'Program > ExportNamedDeclaration > .declaration', message: exportLinesOnly },
      ],
    },
  },
];
