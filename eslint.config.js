const js = require('@eslint/js');
const { defineConfig } = require('eslint/config');
const tseslint = require('typescript-eslint');
const boundaries = require('./eslint/boundaries');

module.exports = defineConfig(
  { ignores: ['build/', 'dist/', 'coverage/', 'imports/', 'test/stress/fixture/'] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/unbound-method': ['error', { ignoreStatic: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { __dirname: 'readonly', module: 'writable', process: 'readonly', require: 'readonly' },
    },
    rules: { 'no-unused-vars': ['error', { varsIgnorePattern: '^_' }] },
  },
  { files: ['lib/**/*.ts'], rules: { 'max-lines': ['error', { max: 250 }], 'no-console': 'error' } },
  {
    // Loaded where they are used, and by nobody else: these take longer to load than all the rest.
    files: [
      'lib/constructs/mesh-dashboards.ts',
      'lib/install/gateway-api/gateway-api-crds.ts',
      'lib/install/rendered.ts',
      'lib/intent/regex.ts',
      'lib/plugin/mesh-validation.ts',
      'lib/synthesis/stage-checks.ts',
    ],
    rules: {
      '@typescript-eslint/no-require-imports': [
        'error',
        {
          allow: [
            '^re2js$',
            '/bundle$',
            '/check/(choices|paths)$',
            '/helm-template$',
            '/manifests/folder$',
            '/report/summary$',
            '/telemetry/dashboards/namespace$',
          ],
        },
      ],
    },
  },
  {
    // Packages that a user may not have, so that the door can say which.
    files: ['lib/terraform/packages.ts'],
    rules: {
      '@typescript-eslint/no-require-imports': ['error', { allow: ['^(cdktf|@cdktf/provider-helm/lib/release)$'] }],
    },
  },
  boundaries,
);
