const { existsSync } = require('node:fs')
const path = require('node:path')
const base = require('./jest.config.cjs')

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

function findChromium() {
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
  const candidates = [
    process.env.CHROMIUM_PATH,
    ...onPath,
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    require('playwright-core').chromium.executablePath(),
  ]
  return candidates.find((candidate) => candidate && existsSync(candidate))
}

const chromium = findChromium()
if (!chromium) {
  throw new Error(
    'The browser tests need Chromium or Chrome and found none.\n' +
      '  Debian, Ubuntu:  apt-get install chromium\n' +
      '  elsewhere:       npx playwright-core install chromium\n' +
      '  or set CHROMIUM_PATH to the program.',
  )
}
// The workers, where the tests run, inherit it.
process.env.CHROMIUM_PATH = chromium

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}
