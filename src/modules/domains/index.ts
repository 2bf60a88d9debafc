/** Domains: which part of the e-mail world an organization has proven to be its own. */
export { addDomain } from './add-domain'
export { checkDomain } from './check-domain'
export { type DomainJoinPolicy, type DomainStatus, dnsRecord } from './domain.model'
export { type DomainRow, findOrganizationOfDomain } from './domain.store'
export { getDomain, listDomains } from './list-domains'
export { recheckDomains } from './recheck-domains'
export { removeDomain } from './remove-domain'
export { updateDomain } from './update-domain'
