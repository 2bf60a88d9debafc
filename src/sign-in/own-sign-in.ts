import type { FastifyReply } from 'fastify'
import { AppError, ERROR_CODES } from '../kernel/errors'
import { toTypeId } from '../kernel/ids'
import { type ConnectOwnSignIn, connectOwnSignIn, getOwnSignIn } from '../modules/own-sign-in'
import { type OwnSignInPageProps, renderMessagePage, renderOwnSignInPage, withReturnTo } from './pages'
import { startPath } from './show-login'
import { activeHere, ownSignInPath } from './show-organization'
import type { Visit } from './visit'

/** `GET /organizations/{slug}/own-sign-in`: for members who come through a company, a way to sign in of their own. */
export async function showOwnSignIn(visit: Visit): Promise<FastifyReply> {
  const active = await activeHere(visit)
  const own = active && (await visit.run(getOwnSignIn, {}))
  // Whoever came from their account sees its ways to sign in there.
  if (!active || !own) return visit.goTo('/')
  const { member, organization } = active
  const here = ownSignInPath(organization.slug)
  return visit.html(
    renderOwnSignInPage({
      signedInAs: member.name || member.email,
      email: member.email,
      organizationName: organization.name,
      organizationUrl: `/organizations/${organization.slug}`,
      connectionName: own.provider.name,
      hasOwn: own.hasOwn,
      proveUrl: own.isFresh
        ? null
        : withReturnTo(`/sso/${toTypeId('SsoProvider', own.provider.id)}/start?fresh=1`, here),
      ways: waysToConnect(visit, here),
    }),
  )
}

/** Decides what comes after somebody has proven a way to sign in that they want to connect. */
export async function finishConnecting(
  visit: Visit,
  proven: ConnectOwnSignIn,
  returnTo: string,
): Promise<FastifyReply> {
  try {
    await visit.run(connectOwnSignIn, proven)
    return visit.goTo(returnTo)
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'INTERNAL' || error.code === 'UNAVAILABLE') throw error
    const { status } = ERROR_CODES[error.code]
    return visit.html(refusalPage(error, returnTo), status)
  }
}

function refusalPage({ code, message }: AppError, returnTo: string): string {
  return renderMessagePage({
    title: code === 'CONFLICT' ? 'This sign-in belongs to another account' : 'Nothing was connected',
    whatHappened:
      code === 'CONFLICT'
        ? 'Somebody uses Gatehouse with it already; if that is you, it stays as it is. Nothing was connected.'
        : message,
    whatNext:
      code === 'CONFLICT'
        ? 'Connect another one: any e-mail address of yours that has no account here will do.'
        : 'You can begin again.',
    action: { label: 'Go back', url: returnTo },
  })
}

function waysToConnect(visit: Visit, here: string): OwnSignInPageProps['ways'] {
  const { providers, offersEmailCodes } = visit.site
  const query = `?connect=1&token=${visit.formToken()}`
  const ways = providers.map(({ label, slug }) => ({ label, startUrl: withReturnTo(startPath(slug) + query, here) }))
  const byCode = { label: 'an e-mail address', startUrl: withReturnTo('/login/email?connect=1', here) }
  return offersEmailCodes ? [...ways, byCode] : ways
}
