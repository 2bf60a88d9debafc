import type { FastifyReply } from 'fastify'
import { AppError } from '../../kernel/errors'
import { endOrganizationSession } from '../../modules/sessions'
import { noteRefusedSignIn, personOf, type SsoPerson, type TakenSsoAttempt } from '../../modules/sso'
import {
  type ProvenSsoSignIn,
  type SsoSignInOutcome,
  signInChangingRights,
  signInWithSsoIdentity,
} from '../../modules/sso-sign-in'
import type { Connection } from '../company/connection'
import type { ProvenAnswer } from '../company/proven-answer'
import { SsoRefusal } from '../company/refusal'
import { endIfAlive } from '../sign-out'
import type { Visit } from '../visit'
import { answerRefusal } from './answer-refusal'
import { reportTest } from './report-test'

/** A sign-in that has come back and is used up. */
export interface ReturnedSso {
  readonly connection: Connection
  readonly attempt: TakenSsoAttempt
  readonly appState: string
}

/**
 * Decides what comes after a browser has come back from its company: the only place that does.
 * @param prove  holds the answer against everything that was expected; throws SsoRefusal
 */
export async function finishSso(
  visit: Visit,
  returned: ReturnedSso,
  prove: () => Promise<ProvenAnswer> | ProvenAnswer,
): Promise<FastifyReply> {
  const { connection, attempt } = returned
  if (attempt.intent === 'TEST') return reportTest(visit, connection, attempt, prove)
  let person: SsoPerson | null = null
  try {
    const answer = await prove()
    person = personOf({ ...connection.provider, settings: connection.settings }, answer.claims, answer.subject)
    const outcome = await signIn(visit, returned, { ...answer, person })
    if (outcome.kind === 'refused') throw new SsoRefusal(outcome.code, outcome.detail)
    return await goOn(visit, returned, outcome)
  } catch (error) {
    if (!(error instanceof SsoRefusal)) throw error
    return refuse(visit, connection, error, person)
  }
}

async function signIn(
  visit: Visit,
  { connection: { organizationId, provider }, attempt: { linkMemberId, app } }: ReturnedSso,
  answer: ProvenAnswer & { person: SsoPerson },
): Promise<Exclude<SsoSignInOutcome, { kind: 'changes-rights' }>> {
  const { claims: _claims, subject: _subject, ...proven } = answer
  const input = {
    ...(proven satisfies Partial<ProvenSsoSignIn>),
    organizationId,
    providerId: provider.id,
    linkMemberId,
    app,
  }
  const outcome = await visit.runOnAccountSide(signInWithSsoIdentity, input)
  if (outcome.kind !== 'changes-rights') return outcome
  const changed = await visit.runOnAccountSide(signInChangingRights, input)
  if (changed.kind === 'changes-rights')
    throw new AppError('CONFLICT', 'Your rights were being changed; sign in again.')
  return changed
}

async function goOn(
  visit: Visit,
  { attempt: { returnTo, app }, appState }: ReturnedSso,
  outcome: Exclude<SsoSignInOutcome, { kind: 'changes-rights' | 'refused' }>,
): Promise<FastifyReply> {
  if (outcome.kind === 'linked') return visit.goTo('/?notice=company')
  if (outcome.kind === 'code') return visit.goTo(returnAddress(app!.returnUrl, outcome.code, appState))
  // The session of before in this browser is replaced, and nobody could end it any more.
  if (visit.bringsOrganizationSession) await endIfAlive(visit.run(endOrganizationSession, {}))
  visit.continueWith({ organization: outcome.session })
  return visit.goTo(returnTo)
}

/** The return URL was compared to the letter when the sign-in began; only the code is added to it. */
function returnAddress(returnUrl: string, code: string, state: string): string {
  const address = new URL(returnUrl)
  address.searchParams.set('code', code)
  if (state) address.searchParams.set('state', state)
  return address.href
}

/** The employee gets a page that says no more than helps, the Admins the reason. */
async function refuse(
  visit: Visit,
  { organizationId, provider }: Connection,
  refusal: SsoRefusal,
  person: SsoPerson | null,
): Promise<FastifyReply> {
  const who = { subject: person?.subject ?? null, email: person?.email ?? null }
  const draft = { providerId: provider.id, code: refusal.code, detail: refusal.message, ...who }
  await visit.runOnAccountSide(noteRefusedSignIn, { organizationId, ...draft })
  return answerRefusal(visit, refusal, { id: provider.id, organizationId })
}
