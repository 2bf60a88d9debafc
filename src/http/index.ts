/** What every HTTP transport needs: who calls, from which page, with which cookies. */
export { callerOf, leansOnCookies } from './caller-of-request'
export { isFromElsewhere } from './same-site'
export { createSessionCookies, type SessionCookies } from './session-cookies'
