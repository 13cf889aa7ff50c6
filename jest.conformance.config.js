const stress = require('./jest.stress.config.js');

/** What needs Go, as everything in conformance/ does. @type {import('jest').Config} */
module.exports = { ...stress, roots: ['<rootDir>/test/conformance'] };
