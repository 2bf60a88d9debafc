/** A way to sign in of one's own, for members who come through a company. */
export { type ConnectOwnSignIn, connectOwnSignIn } from './connect-own-sign-in'
export { getMemberWhoConnects, getOwnSignIn } from './get-own-sign-in'
export { type OwnSignInMail, ownSignInMail } from './own-sign-in.mail'
export type { OwnSignIn } from './own-sign-in.store'
