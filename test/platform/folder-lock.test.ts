import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { lockFolder } from '../../src/platform/folder-lock'

const repository = path.resolve(__dirname, '../..')
let folder: string
let lockFile: string

/** Runs a statement after taking the lock in a Node process of its own; `process.send` reports to the test. */
function lockInChild(then: string): ReturnType<typeof spawn> {
  const script = `require('./src/platform/folder-lock').lockFolder(process.argv[1]); ${then}`
  const preload = path.join(repository, 'test/support/load-typescript.cjs')
  return spawn(process.execPath, ['-r', preload, '-e', script, folder], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-lock-'))
  lockFile = path.join(folder, 'gatehouse.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the lock on a data folder', () => {
  it('refuses a second server with the number of the first and the way out', async () => {
    const child = lockInChild(`process.send('locked'); setInterval(() => undefined, 1000)`)
    await once(child, 'message')
    expect(() => lockFolder(folder)).toThrow(new RegExp(`process ${child.pid}\\b.*Stop it first`))
    child.kill('SIGKILL')
    await once(child, 'exit')
    lockFolder(folder).release()
  })

  it('is released when the process ends', async () => {
    const child = lockInChild(`process.send('locked', () => process.exit(0))`)
    await once(child, 'exit')
    expect(existsSync(lockFile)).toBe(false)
  })

  it('is taken over when its number belongs to another process now', () => {
    writeFileSync(lockFile, JSON.stringify({ pid: process.ppid, identity: 'an earlier run' }))
    lockFolder(folder).release()
  })

  it.each(['', 'not json', '{"pid":-1}', '{"pid":2147483646}'])('is taken over from the remains %p', (remains) => {
    writeFileSync(lockFile, remains)
    lockFolder(folder).release()
  })

  it('leaves no files behind and does not release what another has taken since', () => {
    const lock = lockFolder(folder)
    expect(readdirSync(folder)).toEqual(['gatehouse.lock'])
    writeFileSync(lockFile, 'of another')
    lock.release()
    expect(existsSync(lockFile)).toBe(true)
    rmSync(lockFile)
    lockFolder(folder).release()
    expect(readdirSync(folder)).toEqual([])
  })
})
