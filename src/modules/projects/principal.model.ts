import { toTypeId } from '../../kernel/ids'

/** Whom a grant is for. */
export interface Principal {
  kind: 'MEMBER' | 'TEAM'
  /** UUID */
  id: string
}

/** A principal as the target of an audit row. @param label  name, or address of whoever has none yet */
export function principalTarget({ kind, id }: Principal, label: string) {
  const type = kind === 'MEMBER' ? 'Member' : 'Team'
  return { type, id: toTypeId(type, id), label }
}
