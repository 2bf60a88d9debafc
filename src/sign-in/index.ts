/** Signing in, and every page that people see without an application of their own. */
export { createCompanyClients } from './oidc/company-clients'
export { createLogoutVerifier } from './oidc/logout-token'
export { callbackPath, configureProviders, type LocalIdentityProvider, type ProviderSurroundings } from './providers'
export { signInRoutes } from './routes'
export type { Site } from './site'
