import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FolderHeldError, type FolderLock, lockFolder } from '../../src/platform/folder-lock'

const repository = path.resolve(__dirname, '../..')

/** The product as people run it: the compiled program in a process of its own, with nothing of this environment. */
export interface BuiltGatehouse {
  readonly url: string
  readonly process: ChildProcess
  /** Everything it wrote so far, both streams. */
  output(): string
  /** Resolves when /readyz says yes; rejects with its output when it ends before. */
  ready(): Promise<void>
  /** Resolves with the exit code, or the signal that ended it. */
  ended(): Promise<number | string | null>
}

/** Compiles when a source is newer than the last build; test files that run at the same time take turns. */
export async function buildOnce(): Promise<void> {
  const turn = await takeTurn()
  try {
    const script = `import('./scripts/build.mjs').then(({ buildIfStale }) => buildIfStale())`
    const run = spawnSync(process.execPath, ['-e', script], { cwd: repository, encoding: 'utf8' })
    if (run.status !== 0) throw new Error(`The build failed:\n${run.stdout}${run.stderr}`)
  } finally {
    turn.release()
  }
}

async function takeTurn(): Promise<FolderLock> {
  for (;;) {
    try {
      return lockFolder(path.join(repository, 'dist'))
    } catch (error) {
      if (!(error instanceof FolderHeldError)) throw error
      await sleep(100)
    }
  }
}

/** Starts it on a free port, unless one is set, and another one for its identity provider. */
export async function spawnGatehouse(settings: Record<string, string>): Promise<BuiltGatehouse> {
  const [port, providerPort] = await Promise.all([settings.PORT ?? freePort(), freePort()])
  const child = runBuilt(['dist/src/main.js'], {
    PORT: String(port),
    ...(settings.NODE_ENV === 'production' ? {} : { GATEHOUSE_DEV_IDP_PORT: String(providerPort) }),
    ...settings,
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (written += chunk))
  const url = `http://127.0.0.1:${port}`
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    url,
    process: child,
    output: () => written,
    async ready() {
      while (!(await isReady(url))) {
        if (hasEnded()) throw new Error(`It ended before it was ready:\n${written}`)
        await sleep(50)
      }
    },
    async ended() {
      if (!hasEnded()) await once(child, 'close')
      return child.exitCode ?? child.signalCode
    },
  }
}

/** Runs a command of the product to its end. */
export async function runCommand(
  command: string[],
  settings: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = runBuilt(command, settings)
  const written = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => void (written.stdout += chunk))
  child.stderr?.on('data', (chunk: Buffer) => void (written.stderr += chunk))
  await once(child, 'close')
  return { code: child.exitCode, ...written }
}

function runBuilt(command: string[], settings: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['--enable-source-maps', ...command], {
    cwd: repository,
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  )
}

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
