import { existsSync } from 'node:fs'

/** Reads `.env` of the working directory when there is one; variables that are already set win. */
export function loadSettingsFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}
