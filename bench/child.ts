import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Both contestants share this core; the load generators and PostgreSQL share the other one. */
export const SERVER_CORE = 0
export const OTHER_CORE = 1

/** A program of ours in a process of its own. */
export interface Child {
  readonly process: ChildProcess
  /** Nanoseconds of CPU that all its threads have used. */
  cpuNanoseconds(): number
  residentMegabytes(): number
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>
}

const hasTaskset = spawnSync('taskset', ['--version']).status === 0

/** Starts a compiled program on one core. What it logs is thrown away; its errors are shown. */
export function startChild(program: string, core: number, environment: Record<string, string> = {}): Child {
  const command = [process.execPath, program]
  const [file = '', ...options] = hasTaskset ? ['taskset', '-c', String(core), ...command] : command
  const cwd = path.join(process.cwd(), '.gatehouse-bench')
  mkdirSync(cwd, { recursive: true })
  const child = spawn(file, options, {
    cwd,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return {
    process: child,
    cpuNanoseconds: () => cpuNanoseconds(child.pid!),
    residentMegabytes: () => residentMegabytes(child.pid!),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      if (child.connected) child.disconnect()
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Moves a running process, and whatever it starts from now on, to one core. */
export function pin(pid: number, core: number): void {
  if (hasTaskset) spawnSync('taskset', ['-apc', String(core), String(pid)])
}

/** The next message of a child; rejects when it ends first. */
export async function messageFrom<T>({ process: child }: Child): Promise<T> {
  const ended = new AbortController()
  const onExit = (): void => ended.abort(new Error('A process of the benchmark ended too early'))
  child.once('exit', onExit)
  try {
    const [message] = await once(child, 'message', { signal: ended.signal })
    return message as T
  } finally {
    child.off('exit', onExit)
  }
}

function cpuNanoseconds(pid: number): number {
  const tasks = `/proc/${pid}/task`
  return readdirSync(tasks).reduce((sum, task) => sum + Number(read(`${tasks}/${task}/schedstat`).split(' ')[0]), 0)
}

/** A thread may end between being listed and being read. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '0'
  }
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}
