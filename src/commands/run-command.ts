import { loadSettingsFile } from '../platform/settings-file'

/** Runs a command to its end: its failure is one sentence on standard error and exit code 1. */
export function runCommand(work: () => Promise<void>): void {
  loadSettingsFile()
  work().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
