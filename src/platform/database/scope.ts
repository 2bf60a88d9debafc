import { isUuid } from '../../kernel/ids'

/** Which rows a transaction may see. Row-level security holds it to that, whatever the statements say. */
export type Scope =
  | { readonly kind: 'organization'; readonly organizationId: string }
  /** Identity and look-up tables only: no tenant row is visible. */
  | { readonly kind: 'account' }
  /** The narrow policies of `gatehouse_operator`: workers and the operator's lists. */
  | { readonly kind: 'installation' }

// No organization has the nil UUID: on the account side only the installation's own audit rows and messages are visible.
const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000'

/**
 * The tenant is set by the SET LOCAL statement and nothing else: set_config() does not reach the workers of a
 * distributed PostgreSQL, and a session-level SET leaks through a transaction pooler (docs/adr/0003-isolation.md).
 */
export function scopeStatements(scope: Scope): string {
  if (scope.kind === 'account') return `SET LOCAL app.organization TO '${NO_ORGANIZATION}'`
  if (scope.kind === 'installation') return 'SET LOCAL ROLE gatehouse_operator'
  if (!isUuid(scope.organizationId)) throw new Error('The organization of a transaction must be a UUID')
  return `SET LOCAL app.organization TO '${scope.organizationId}'`
}
