import { normalizeEmail } from '../../kernel/email-address'
import { singleLine } from '../../kernel/single-line'
import { type AttributeTarget, type SsoSettings, USUAL_SOURCES } from './sso-provider.model'
import type { SsoProviderRow } from './sso-provider.store'

/** Claims of OpenID Connect or attributes of SAML as they came: texts, lists of texts, or anything else. */
export type ReceivedClaims = Readonly<Record<string, unknown>>

/** What a provider says of a person, in our words. Nobody is found by anything of it but the subject. */
export interface SsoPerson {
  /** Null when the provider sent none that lasts. */
  readonly subject: string | null
  /** Normalized; null when there is none. */
  readonly email: string | null
  /** May be empty. */
  readonly name: string
  readonly avatarUrl: string | null
  /** At most 1,000; null when the provider says that there are groups, and leaves them out because they are too many. */
  readonly groups: readonly string[] | null
}

const LONGEST_SUBJECT = 256
const LONGEST_NAME = 200
const LONGEST_URL = 1_024
const MOST_GROUPS = 1_000

/**
 * Reads a person out of what a provider says, by the mapping of the connection and the usual names.
 * @param subject  `sub` or the NameID; counts where the connection names no other source
 */
export function personOf(
  provider: Pick<SsoProviderRow, 'attributeMapping' | 'subjectSource'> & {
    settings: Pick<SsoSettings, 'protocol'>
  },
  claims: ReceivedClaims,
  subject: string | null,
): SsoPerson {
  const text = (target: AttributeTarget, longest: number): string | null => {
    for (const source of sourcesOf(provider, target)) {
      const value = singleLine(textsOf(claims, source)[0] ?? '')
      if (value && value.length <= longest) return value
    }
    return null
  }
  const own = provider.subjectSource === null ? subject : (textsOf(claims, provider.subjectSource)[0] ?? null)
  const parts = [text('firstName', LONGEST_NAME), text('lastName', LONGEST_NAME)].filter((part) => part !== null)
  const avatarUrl = text('avatarUrl', LONGEST_URL)
  return {
    subject: isSubject(own) ? own : null,
    email: normalizeEmail(text('email', LONGEST_URL) ?? ''),
    name: (text('name', LONGEST_NAME) ?? parts.join(' ')).slice(0, LONGEST_NAME),
    avatarUrl: avatarUrl?.startsWith('https://') && URL.canParse(avatarUrl) ? avatarUrl : null,
    groups: groupsOf(provider, claims),
  }
}

/** True when a claim or attribute that fills a target came with the answer. */
export function hasSource(
  provider: Parameters<typeof personOf>[0],
  claims: ReceivedClaims,
  target: AttributeTarget,
): boolean {
  return sourcesOf(provider, target).some((source) => textsOf(claims, source).length > 0)
}

/**
 * Entra sends no groups of people who are in more than 200 (by SAML 150), but a hint where to ask for them, which takes
 * rights in its directory (learn.microsoft.com, "Groups overage claim"): `_claim_names`, `hasgroups`, or an attribute.
 */
function areGroupsLeftOut(claims: ReceivedClaims): boolean {
  const own = (name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined)
  const elsewhere = own('_claim_names')
  if (typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, 'groups')) return true
  return own('hasgroups') === true || own('hasgroups') === 'true' || own(GROUPS_LINK) !== undefined
}

const GROUPS_LINK = 'http://schemas.microsoft.com/claims/groups.link'

function groupsOf(provider: Parameters<typeof personOf>[0], claims: ReceivedClaims): string[] | null {
  const groups = sourcesOf(provider, 'groups').flatMap((source) => textsOf(claims, source))
  if (groups.length === 0 && areGroupsLeftOut(claims)) return null
  return [...new Set(groups.map((group) => group.trim()))].slice(0, MOST_GROUPS)
}

function sourcesOf(
  { attributeMapping, settings }: Parameters<typeof personOf>[0],
  target: AttributeTarget,
): readonly string[] {
  const mapped = attributeMapping[target]
  return mapped ? [mapped] : USUAL_SOURCES[settings.protocol][target]
}

// Names of claims are the provider's: only what the object itself has counts.
function textsOf(claims: ReceivedClaims, source: string): string[] {
  const value = Object.hasOwn(claims, source) ? claims[source] : null
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

function isSubject(subject: string | null): subject is string {
  return subject !== null && subject.length > 0 && subject.length <= LONGEST_SUBJECT && !/\p{Cc}/u.test(subject)
}
