import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Operation, type Spine, systemCaller } from '../../access'
import { AppError } from '../../kernel/errors'
import { ConfigError } from '../../platform/config'
import { checkPermissionDraft, type PermissionDraft } from './permission-draft'
import { registerPermissions } from './register-permissions'

const SETTING = 'GATEHOUSE_PERMISSIONS_FILE'

const FILE = z.strictObject({
  permissions: z.array(
    z.strictObject({
      key: z.string(),
      title: z.string(),
      description: z.string().nullish(),
      scope: z.enum(['ORGANIZATION', 'PROJECT', 'RESOURCE']),
      isSensitive: z.boolean().nullish(),
      isForMembers: z.boolean().nullish(),
    }),
  ),
})

/**
 * Reads the file that lists the permissions of the platform.
 * @throws ConfigError  with everything that is wrong with it
 */
export async function readPermissionsFile(path: string): Promise<PermissionDraft[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refusal([`names ${path}, which cannot be read (${error.code})`], 'name a file that the process may read')
  })
  const parsed = FILE.safeParse(parseJson(text, path))
  if (!parsed.success)
    throw refusal(parsed.error.issues.map((issue) => `names ${path}: ${place(issue.path)} ${issue.message}`))
  const { permissions } = parsed.data
  const problems = permissions.flatMap((draft, index) => problemOf(checkPermissionDraft(draft, []), index))
  if (problems.length > 0) throw refusal(problems.map((problem) => `names ${path}: ${problem}`))
  return permissions
}

/**
 * Registers what the file lists, as `registerPermissions` does for an operator. To be called at each start: what is
 * there already changes nothing, and what the file does not list is not retired.
 *
 * @throws ConfigError  with everything that the database refused
 */
export async function applyPermissionsFile(spine: Spine, permissions: readonly PermissionDraft[]): Promise<void> {
  const results = await new Operation(spine, systemCaller('permissions file'))
    .execute(registerPermissions, { permissions })
    .catch((error: unknown) => {
      throw error instanceof AppError ? refusal([`was refused: ${error.message}`]) : error
    })
  const problems = results.flatMap(({ error }, index) => problemOf(error, index))
  if (problems.length > 0) throw refusal(problems.map((problem) => `was refused: ${problem}`))
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refusal([`names ${path}, which is not JSON: ${(error as Error).message}`])
  }
}

function problemOf(checked: unknown, index: number): string[] {
  if (!(checked instanceof AppError)) return []
  return [`${place(['permissions', index, checked.details.path?.at(-1) ?? ''])} ${checked.message}`]
}

function place(path: readonly PropertyKey[]): string {
  return `${path.map(String).filter(Boolean).join('.') || 'the file'}:`
}

function refusal(problems: string[], remedy = 'correct the file; docs/roles.md shows one'): ConfigError {
  return new ConfigError(problems.map((problem) => ({ setting: SETTING, problem, remedy })))
}
