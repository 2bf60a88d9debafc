import { domainToASCII } from 'node:url'
import { parse } from 'tldts'
import { AppError } from '../../kernel/errors'
import { FREE_MAIL_DOMAINS } from './free-mail-domains'

/**
 * The form in which a domain is claimed and compared: lower case, A-labels (RFC 5890), without a dot at the end.
 *
 * @throws INVALID  not a domain; an IP address; a public suffix, under which anybody registers; a domain of free mail
 */
export function checkDomainName(text: string): string {
  const name = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase()
  const { domain, hostname, isIp, publicSuffix } = parse(name, { allowPrivateDomains: true })
  const refuse = (message: string): never => {
    throw new AppError('INVALID', message, { path: ['name'] })
  }
  if (!name || isIp || hostname !== name || name.length > 253 || !/^[a-z0-9.-]+\.[a-z0-9-]+$/.test(name))
    refuse('Enter a domain such as example.com.')
  if (!domain || name === publicSuffix) refuse('Anybody can register names under this suffix; claim your own domain.')
  if (FREE_MAIL_DOMAINS.has(domain!)) refuse('This is a domain of free mail: it belongs to no organization.')
  return name
}
