import type { FastifyReply } from 'fastify'
import { notFound } from '../access'
import { AppError } from '../kernel/errors'
import { checkSignInCode, SIGN_IN_CODE_MINUTES, sendSignInCode } from '../modules/accounts'
import { getMemberWhoConnects } from '../modules/own-sign-in'
import { finishSignIn } from './finish-sign-in'
import { renderEmailCodePage } from './pages'
import { loginPage, purposeOf } from './show-login'
import { companyPageFor } from './sso/find-company'
import type { Visit } from './visit'

const NO_COMPANY = 'No company sign-in is set up for addresses of this domain.'
const WRONG_CODE = 'This code is not right, or no longer valid. Look for the newest mail, or have a new code sent.'

/**
 * `POST /login/email`: leads to the company of the address's domain, or sends a code and asks for it. The answer is the
 * same for every address of a domain.
 */
export async function sendCode(visit: Visit): Promise<FastifyReply> {
  const returnTo = visit.returnTo()
  const typed = visit.field('email')
  const { link, connect, separate, direct } = purposeOf(visit)
  const company = link || connect || separate || direct ? null : await companyPageFor(visit, typed)
  if (company) return visit.html(company)
  if (!visit.site.offersEmailCodes) return visit.html(loginPage(visit, { returnTo, email: typed, error: NO_COMPANY }))
  try {
    const connecting = connect ? await visit.run(getMemberWhoConnects, {}) : null
    const isLinking = link !== undefined
    const code = { email: typed, browserSecret: visit.browserSecret(), returnTo, isLinking, connecting }
    const { email } = await visit.runOnAccountSide(sendSignInCode, code)
    return visit.html(codePage(visit, email))
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'INVALID' && error.code !== 'RATE_LIMITED')) throw error
    return visit.html(
      loginPage(visit, { returnTo, email: typed, error: error.message }),
      error.code === 'INVALID' ? 400 : 429,
    )
  }
}

/** `POST /login/email/verify`: the code as typed. */
export async function enterCode(visit: Visit): Promise<FastifyReply> {
  requireEmailCodes(visit)
  const email = visit.field('email')
  const code = { email, browserSecret: visit.browserSecret(), code: visit.field('code') }
  const checked = await visit.runOnAccountSide(checkSignInCode, code)
  if (!checked.isRight) return visit.html(codePage(visit, email, WRONG_CODE), 400)
  const wantsSeparateAccount = purposeOf(visit).separate !== undefined
  return finishSignIn(visit, { ...checked, wantsSeparateAccount })
}

function codePage(visit: Visit, email: string, error?: string): string {
  return renderEmailCodePage({
    email,
    minutes: SIGN_IN_CODE_MINUTES,
    returnTo: visit.returnTo(),
    csrfToken: visit.formToken(),
    hidden: purposeOf(visit),
    error,
  })
}

function requireEmailCodes(visit: Visit): void {
  if (!visit.site.offersEmailCodes) throw notFound('This way to sign in')
}
