import { dnsRecord } from '../modules/domains'
import type { Database, Statement } from '../platform/database'
import type { Outside } from '../platform/outside'

/** Below these nobody has a name server (RFC 2606 §2). */
const RESERVED = /\.(?:example|test)$/

/**
 * Stands for the name server of domains that cannot have one: whoever claims a domain below `.example` or `.test` finds
 * its record in place, at once and whenever it is looked for again. All other names are asked for as usual.
 */
export function withReservedDomains(outside: Outside, database: Database): Outside {
  return {
    ...outside,
    resolveTxt: (name) => (RESERVED.test(name) ? findRecords(database, name) : outside.resolveTxt(name)),
  }
}

async function findRecords(database: Database, host: string): Promise<string[]> {
  const name = host.slice(host.indexOf('.') + 1)
  const claims = await database.write({ kind: 'installation' }, (tx) =>
    tx.query<{ name: string; challenge: string }>(FIND_CLAIMS, [name]),
  )
  return claims.map(dnsRecord).flatMap((record) => (record.host === host ? [record.value] : []))
}

const FIND_CLAIMS: Statement = {
  name: 'find-claims-of-reserved-domain',
  text: 'SELECT name, challenge FROM domains WHERE name = $1 LIMIT 100',
}
