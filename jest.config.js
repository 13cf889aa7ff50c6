// Types are checked by `npm run check`, so tests are only transpiled.
const transpileOnly = {
  target: 'es2022',
  module: 'commonjs',
  moduleResolution: 'bundler',
  isolatedModules: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  sourceMap: true,
};

/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // What tests measure is time of the processor, which others may use meanwhile.
  maxWorkers: '100%',
  testPathIgnorePatterns: ['<rootDir>/test/stress/', '<rootDir>/test/conformance/'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: transpileOnly, diagnostics: false }] },
  moduleNameMapper: {
    '^cdk8s-mesh$': '<rootDir>/lib/index.ts',
    '^cdk8s-mesh/terraform$': '<rootDir>/lib/terraform.ts',
    '^cdk8s-mesh/testing$': '<rootDir>/lib/testing.ts',
  },
};
