/** Every server-rendered page as a pure function from props to a whole HTML document; routes read no file beside this. */
export { type AddressInUsePageProps, renderAddressInUsePage } from './address-in-use-page'
export type { AskableOrganization } from './askable-organizations'
export { type CompanyPageProps, renderCompanyPage } from './company-page'
export { type EmailCodePageProps, renderEmailCodePage } from './email-code-page'
export { type EntrancePageProps, renderEntrancePage } from './entrance-page'
export type { FieldError } from './form'
export { type HomePageProps, renderHomePage, renderWelcomePage } from './home-page'
export { icon } from './icon'
export { type InvitationLetter, type InvitationPageProps, renderInvitationPage } from './invitation-page'
export type { InviteOutcome } from './invite-form'
export { renderPage } from './layout'
export { localPath, withReturnTo } from './local-path'
export { type LoginMethod, type LoginPageProps, renderLoginPage } from './login-page'
export { type MailboxPageProps, renderMailboxPage } from './mailbox-page'
export { type MessagePageProps, renderMessagePage } from './message-page'
export {
  type NewOrganizationPageProps,
  type OrganizationCreatedPageProps,
  renderNewOrganizationPage,
  renderOrganizationCreatedPage,
} from './new-organization-page'
export { type OrganizationPageProps, renderOrganizationPage } from './organization-page'
export { type OwnSignInPageProps, renderOwnSignInPage } from './own-sign-in-page'
export { SETUP_VENDORS } from './setup-connections'
export { SETUP_FIELDS, type SetupValues } from './setup-fields'
export { renderSetupPage, type SetupPageProps } from './setup-page'
export { renderSignedOutPage, type SignedOutPageProps } from './signed-out-page'
export { stylesheet } from './stylesheet'
export { renderTestPage, type TestPageProps } from './test-page'
