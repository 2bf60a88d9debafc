import { parseTypeId } from '../../kernel/ids'
import type { Principal } from '../../modules/projects'

/** The member or team that an id names, or null when it names neither. */
export function readPrincipal(id: string): Principal | null {
  const parsed = parseTypeId(id)
  if (parsed?.type === 'Member') return { kind: 'MEMBER', id: parsed.uuid }
  return parsed?.type === 'Team' ? { kind: 'TEAM', id: parsed.uuid } : null
}
