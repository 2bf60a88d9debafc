import type { FastifyReply } from 'fastify'
import { AppError } from '../kernel/errors'
import { endAccountSession, endOrganizationSession } from '../modules/sessions'
import { renderSignedOutPage } from './pages'
import { providerSignOutOf } from './sso/provider-sign-out'
import type { Visit } from './visit'

/** `POST /logout`: ends the sessions of this browser, and has it forget them even when they had ended already. */
export async function signOut(visit: Visit): Promise<FastifyReply> {
  const atProvider = await providerSignOutOf(visit)
  await endIfAlive(visit.run(endOrganizationSession, {}))
  await endIfAlive(visit.runOnAccountSide(endAccountSession, {}))
  visit.site.cookies.clearAll(visit.reply)
  if (!atProvider) return visit.goTo(visit.returnTo())
  const { providerName, url } = atProvider
  return visit.html(renderSignedOutPage({ providerName, providerSignOutUrl: url }))
}

/** Ends what may have ended already, or was never there. */
export async function endIfAlive(ending: Promise<unknown>): Promise<void> {
  await ending.catch((error: unknown) => {
    if (!(error instanceof AppError) || !OVER.has(error.code)) throw error
  })
}

// Nobody, or somebody on the account side only.
const OVER: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'NOT_FOUND'])
