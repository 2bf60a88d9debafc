/** The SCIM 2.0 endpoint: HTTP in, resources out. */
export { answerError as answerScimError } from './answer'
export type { RateLimit } from './rate-limit'
export { scimRoutes } from './routes'
export type { ScimOptions } from './scim-options'
