/** Routes for machines and services, and what is seen of every request: health, metrics, access log, headers. */
export { serviceRoutes } from './decisions'
export { getGraphqlRoute, type ServedPage } from './get-graphql.route'
export { type HealthOptions, healthRoutes } from './health.routes'
export { leakReportRoutes } from './leak-report.routes'
export { createMetrics, type Metrics } from './metrics'
export { observeRequests, observeUseCases } from './observe-requests'
export { setSecurityHeaders } from './security-headers'
export { tokenRoutes, wellKnownRoutes } from './tokens'
