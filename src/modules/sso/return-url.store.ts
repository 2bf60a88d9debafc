import type { Statement, Transaction } from '../../platform/database'

/** The addresses on other origins to which a sign-in of the organization may return. */
export async function findReturnUrls(tx: Transaction, organizationId: string): Promise<string[]> {
  const [row] = await tx.query<{ urls: string[] }>(FIND, [organizationId])
  return row?.urls ?? []
}

/** True when a sign-in of the organization may return to this address: to the letter, no part of it may differ. */
export async function isReturnUrl(tx: Transaction, organizationId: string, url: string): Promise<boolean> {
  return (await tx.query(IS_ALLOWED, [organizationId, url])).length > 0
}

/** Writes all of them anew. */
export async function writeReturnUrls(tx: Transaction, organizationId: string, urls: readonly string[]): Promise<void> {
  await tx.execute(WRITE, [organizationId, urls])
}

const FIND: Statement = {
  name: 'find-return-urls',
  text: 'SELECT return_urls AS urls FROM organizations WHERE organization_id = $1',
}
const IS_ALLOWED: Statement = {
  name: 'is-return-url',
  text: 'SELECT 1 FROM organizations WHERE organization_id = $1 AND $2 = ANY (return_urls)',
}
const WRITE: Statement = {
  name: 'write-return-urls',
  text: 'UPDATE organizations SET return_urls = $2, version = version + 1, updated_at = now() WHERE organization_id = $1',
}
