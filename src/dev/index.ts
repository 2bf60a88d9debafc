/** What only development has. Loaded by import() behind the environment; the production image does not contain it. */
export { DEMO_COMPANIES } from './companies'
export { graphiqlPage, graphiqlRoutes, isGraphiqlInstalled } from './graphiql'
export {
  isLocalIdentityProviderInstalled,
  type LocalIdentityProvider,
  startLocalIdentityProvider,
} from './local-identity-provider'
export { DevelopmentMailbox } from './mailbox'
export { mailboxRoutes } from './mailbox.routes'
export { listLocalPeople } from './people'
export { withReservedDomains } from './reserved-domains'
