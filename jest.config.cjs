// CommonJS mode. Jest 30 can require() an ES module only on Node >= 24.9, so on Node 20 the packages that ship
// ES modules only are down-levelled by swc as well.
const esmOnly = ['openid-client', 'oauth4webapi', 'jose', 'oidc-provider', 'preact', 'preact-render-to-string']
const swc = [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      parser: { syntax: 'typescript', decorators: true, tsx: true },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: false,
        useDefineForClassFields: false,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
      target: 'es2022',
      keepClassNames: true,
    },
    module: { type: 'commonjs', ignoreDynamic: false },
    sourceMaps: 'inline',
  },
]
const swcTs = [swc[0], { ...swc[1], jsc: { ...swc[1].jsc, parser: { syntax: 'typescript', decorators: true } } }]
const packages = esmOnly.join('|')
/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
  transform: {
    '^.+\\.tsx$': swc,
    '^.+\\.ts$': swcTs,
    [`/node_modules/(?:${packages})/.+\\.m?js$`]: swcTs,
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:${packages})/)`],
  // The only relative import with an extension: TypeScript wants one in import().
  moduleNameMapper: { '^\\./dev/index\\.js$': '<rootDir>/src/dev/index.ts' },
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  setupFiles: ['reflect-metadata'],
  // Under `npm run soak` a test repeats things hundreds of times (test/support/soak.ts).
  testTimeout: process.env.SOAK === '1' ? 3_600_000 : 120_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '900MB',
  // A worker with nothing open still takes longer than the usual half second to free its memory on a busy machine. One
  // that has left something open is told of all the same.
  workerGracefulExitTimeout: 5_000,
}
