import type { FastifyReply } from 'fastify'
import { AppError } from '../kernel/errors'
import { endAccountSession } from '../modules/sessions'
import type { Visit } from './visit'

/** `POST /logout`: ends the sessions of this browser, and has it forget them even when they had ended already. */
export async function signOut(visit: Visit): Promise<FastifyReply> {
  await visit.runOnAccountSide(endAccountSession, {}).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'UNAUTHENTICATED') throw error
  })
  visit.site.cookies.clearAll(visit.reply)
  return visit.goTo(visit.returnTo())
}
