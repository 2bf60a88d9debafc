/** How far a claim to a domain has come. */
export type DomainStatus = 'PENDING' | 'VERIFIED' | 'FAILED'

/** Who may come in by having an address of the domain. Sharing a domain never joins anybody by itself. */
export type DomainJoinPolicy = 'NONE' | 'REQUEST'

/** Where the record that proves a domain stands, below the domain itself so that nothing else is in the way. */
export const RECORD_LABEL = '_gatehouse-challenge'
const RECORD_PREFIX = 'gatehouse-domain-verification='

/** How long the record of a proven domain may be missing before the domain counts as lost. */
export const GRACE_DAYS = 7

/** The TXT record that proves a domain. */
export function dnsRecord(domain: { readonly name: string; readonly challenge: string }): {
  host: string
  value: string
} {
  return { host: `${RECORD_LABEL}.${domain.name}`, value: RECORD_PREFIX + domain.challenge }
}

/** Whether the records found prove the domain; quotes and blanks around a value are the name server's. */
export function provesDomain(domain: { name: string; challenge: string }, records: readonly string[]): boolean {
  const { value } = dnsRecord(domain)
  return records.some((record) => record.trim().replace(/^"(.*)"$/, '$1') === value)
}
