import { AppError, InputProblems } from '../../kernel/errors'
import { singleLine } from '../../kernel/single-line'
import { ATTRIBUTE_TARGETS, type AttributeMapping, type AttributeTarget } from './sso-provider.model'

/** What a connection does with people, as it came in; absent values stay as they are. */
export interface SsoProviderDraft {
  name?: string | null
  attributeMapping?: readonly { target: string; source: string }[] | null
  /** Null for `sub` or the NameID. */
  subjectSource?: string | null
  justInTime?: boolean | null
  allowsOtherDomains?: boolean | null
  allowsIdpInitiated?: boolean | null
  rechecksAccess?: boolean | null
  /** 5 minutes to 30 days. */
  sessionLifetimeMinutes?: number | null
}

export interface CheckedSsoProviderDraft {
  name: string
  attributeMapping: AttributeMapping
  subjectSource: string | null
  justInTime: boolean
  allowsOtherDomains: boolean
  allowsIdpInitiated: boolean
  rechecksAccess: boolean
  sessionLifetimeMinutes: number
}

const LONGEST_NAME = 100
const LONGEST_SOURCE = 256

/** How a new connection is, where nothing is said. */
export const NEW_SSO_PROVIDER: CheckedSsoProviderDraft = {
  name: '',
  attributeMapping: {},
  subjectSource: null,
  justInTime: true,
  allowsOtherDomains: false,
  allowsIdpInitiated: false,
  rechecksAccess: false,
  sessionLifetimeMinutes: 720,
}

/** @throws InputProblems  REQUIRED, TOO_LONG, INVALID with their paths, all at once */
export function checkSsoProviderDraft(
  draft: SsoProviderDraft,
  current: CheckedSsoProviderDraft,
): CheckedSsoProviderDraft {
  const problems: AppError[] = []
  const report = (code: 'REQUIRED' | 'TOO_LONG' | 'INVALID', field: string, message: string) =>
    problems.push(new AppError(code, message, { path: ['input', field] }))
  const name = draft.name == null ? current.name : singleLine(draft.name)
  if (!name) report('REQUIRED', 'name', 'A connection needs a name.')
  if (name.length > LONGEST_NAME) report('TOO_LONG', 'name', `A name has at most ${LONGEST_NAME} characters.`)
  const subjectSource = draft.subjectSource === undefined ? current.subjectSource : draft.subjectSource?.trim() || null
  const attributeMapping: Partial<Record<AttributeTarget, string>> = draft.attributeMapping
    ? {}
    : { ...current.attributeMapping }
  for (const { target, source } of draft.attributeMapping ?? []) {
    const known = ATTRIBUTE_TARGETS.find((candidate) => candidate === target)
    if (known && !attributeMapping[known]) attributeMapping[known] = source.trim()
    else report('INVALID', 'attributeMapping', `Map each of ${ATTRIBUTE_TARGETS.join(', ')} once at most.`)
  }
  for (const source of [...Object.values(attributeMapping), ...(subjectSource === null ? [] : [subjectSource])])
    if (!source || source.length > LONGEST_SOURCE || /\p{Cc}/u.test(source))
      report('INVALID', 'attributeMapping', `The name of an attribute has 1 to ${LONGEST_SOURCE} characters.`)
  const sessionLifetimeMinutes = draft.sessionLifetimeMinutes ?? current.sessionLifetimeMinutes
  if (sessionLifetimeMinutes < 5 || sessionLifetimeMinutes > 43_200)
    report('INVALID', 'sessionLifetimeMinutes', 'A session lasts 5 minutes to 30 days (43200 minutes).')
  const [first, ...others] = problems
  if (first) throw new InputProblems([first, ...others])
  return {
    name,
    attributeMapping,
    subjectSource,
    justInTime: draft.justInTime ?? current.justInTime,
    allowsOtherDomains: draft.allowsOtherDomains ?? current.allowsOtherDomains,
    allowsIdpInitiated: draft.allowsIdpInitiated ?? current.allowsIdpInitiated,
    rechecksAccess: draft.rechecksAccess ?? current.rechecksAccess,
    sessionLifetimeMinutes,
  }
}
