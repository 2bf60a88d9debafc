import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'

/** The audit row of something that happened to a team, and to whatever else was concerned. */
export function teamAudit(
  action: string,
  team: { id: string; name: string },
  changes: AuditEntry['changes'],
  others: AuditEntry['targets'] = [],
): AuditEntry {
  return { action, targets: [{ type: 'Team', id: toTypeId('Team', team.id), label: team.name }, ...others], changes }
}

/** A person in a team as the target of an audit row. */
export function candidateTarget(person: { id: string; name: string; email: string }): AuditEntry['targets'][number] {
  return { type: 'Member', id: toTypeId('Member', person.id), label: person.name || person.email }
}
