/** Tokens for applications: the key set, what this installation is as an authorization server, refresh tokens. */
export { tokenRoutes } from './token.routes'
export { wellKnownRoutes } from './well-known.routes'
