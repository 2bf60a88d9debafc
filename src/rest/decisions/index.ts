/** What services of the platform ask: introspection (RFC 7662) and authorization checks (OpenID AuthZEN). */
export { serviceRoutes } from './service.routes'
export type { ServiceOptions } from './service-options'
