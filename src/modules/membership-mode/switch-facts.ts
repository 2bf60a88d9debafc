import { notFound } from '../../access'
import { AppError } from '../../kernel/errors'
import type { Transaction } from '../../platform/database'
import { findMemberStats } from '../members'
import { findMembershipMode } from '../organizations'
import { findBreakGlassStandings, obstacleToBreakGlass } from '../recovery-codes'
import { isReadyForUse, listSsoProviderRows, type SsoProviderRow } from '../sso'
import { countLinked, countWithAccount, findWorkingDirectories } from './switch-facts.store'
import type { SwitchedParty, SwitchFacts, SwitchPlan } from './switch-plan'

const MOST_BREAK_GLASS = 10
const NOBODY = { KEEP: 0, MUST_LINK_IDENTITY: 0, LOSES_ACCESS: 0, BREAK_GLASS: 0, INVITATION_REVOKED: 0, UNAFFECTED: 0 }

/**
 * What a switch would start, stop and mean for people, from counters and two counts; changes nothing.
 * @throws NOT_FOUND  no such organization
 */
export async function readSwitchFacts(tx: Transaction, plan: SwitchPlan): Promise<SwitchFacts> {
  const from = await findMembershipMode(tx, plan.organizationId)
  if (!from) throw notFound('The organization')
  const providers = await listSsoProviderRows(tx, plan.organizationId)
  const facts = plan.to === 'SSO' ? await factsOfSso(tx, plan, providers) : await factsOfInvitation(tx, plan, providers)
  if (from !== plan.to) return { from, ...facts }
  const there = new AppError('WRONG_STATE', `Members come by ${from} already; there is nothing to switch.`, {
    path: ['to'],
  })
  return { from, ...facts, blockers: [there] }
}

/** The connections that a switch to SSO begins with: those that are named, or all that are ready for use. */
export function chosenProviders(plan: SwitchPlan, providers: readonly SsoProviderRow[]): SsoProviderRow[] {
  const { providerIds } = plan
  return providers.filter((provider) => (providerIds ? providerIds.includes(provider.id) : isReadyForUse(provider)))
}

async function factsOfSso(
  tx: Transaction,
  plan: SwitchPlan,
  providers: readonly SsoProviderRow[],
): Promise<Omit<SwitchFacts, 'from'>> {
  const { organizationId, breakGlassMemberIds } = plan
  const chosen = chosenProviders(plan, providers)
  const { joined, invited, suspended } = await findMemberStats(tx, organizationId)
  const ids = chosen.map(({ id }) => id)
  const ready = await countLinked(tx, organizationId, ids, breakGlassMemberIds)
  const breakGlass = await breakGlassBlockers(tx, plan)
  const keepers = breakGlass.length > 0 ? 0 : breakGlassMemberIds.length
  return {
    starts: chosen.map(party),
    stops: [],
    stopsDirectories: [],
    blockers: [...providerBlockers(plan, chosen), ...breakGlass],
    outcomes: {
      ...NOBODY,
      KEEP: ready,
      BREAK_GLASS: keepers,
      MUST_LINK_IDENTITY: Math.max(joined - ready - keepers, 0),
      INVITATION_REVOKED: invited,
      UNAFFECTED: suspended,
    },
  }
}

async function factsOfInvitation(
  tx: Transaction,
  { organizationId }: SwitchPlan,
  providers: readonly SsoProviderRow[],
): Promise<Omit<SwitchFacts, 'from'>> {
  const { joined, suspended } = await findMemberStats(tx, organizationId)
  const { ready, readyAdmins } = await countWithAccount(tx, organizationId)
  const locksEverybodyOut = new AppError(
    'LAST_WAY_IN',
    'No Admin could sign in without the company. One of them connects a way to sign in of their own first, on the page of the organization.',
  )
  return {
    starts: [],
    stops: providers.filter(({ status }) => status === 'ACTIVE').map(party),
    stopsDirectories: await findWorkingDirectories(tx, organizationId),
    blockers: readyAdmins === 0 ? [locksEverybodyOut] : [],
    outcomes: { ...NOBODY, KEEP: ready, LOSES_ACCESS: joined - ready, UNAFFECTED: suspended },
  }
}

function providerBlockers(plan: SwitchPlan, chosen: readonly SsoProviderRow[]): AppError[] {
  const path = ['input', 'ssoProviderIds']
  if (plan.providerIds && chosen.length < new Set(plan.providerIds).size)
    return [new AppError('NOT_FOUND', 'One of the connections does not exist.', { path })]
  if (chosen.length === 0)
    return [
      new AppError('REQUIRED', 'Set up a connection and test it first: nobody could sign in without one.', { path }),
    ]
  return chosen
    .filter((provider) => !isReadyForUse(provider))
    .map(
      ({ name }) =>
        new AppError('WRONG_STATE', `Test ${name} first: connections begin with settings that have passed.`, { path }),
    )
}

async function breakGlassBlockers(
  tx: Transaction,
  { organizationId, breakGlassMemberIds: ids }: SwitchPlan,
): Promise<AppError[]> {
  const path = ['input', 'breakGlassMemberIds']
  if (ids.length === 0)
    return [new AppError('REQUIRED', 'Name at least one Admin who keeps another way in by recovery codes.', { path })]
  if (ids.length > MOST_BREAK_GLASS)
    return [new AppError('TOO_MANY', `Name at most ${MOST_BREAK_GLASS} Admins; each is another way in.`, { path })]
  if (new Set(ids).size < ids.length) return [new AppError('INVALID', 'An Admin is named twice.', { path })]
  const standings = new Map(
    (await findBreakGlassStandings(tx, organizationId, ids)).map((each) => [each.memberId, each]),
  )
  return ids.flatMap((id) => obstacleToBreakGlass(standings.get(id), path) ?? [])
}

function party({ id, name }: SwitchedParty): SwitchedParty {
  return { id, name }
}
