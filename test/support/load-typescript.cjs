// Preload (node -r) that lets a child process of a test run the TypeScript sources, compiled as jest compiles them.
const { readFileSync } = require('node:fs')
const { transformSync } = require('@swc/core')
const { transform } = require('../../jest.config.cjs')

const [, options] = transform['^.+\\.ts$']
require.extensions['.ts'] = (module, filename) => {
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename)
}
