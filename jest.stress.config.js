const { testPathIgnorePatterns: _stress, ...base } = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  roots: ['<rootDir>/test/stress'],
  testPathIgnorePatterns: ['/fixture/'],
  testTimeout: 600_000,
  verbose: true,
};
