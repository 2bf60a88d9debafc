/** Service accounts: programs that act in one project, with a role and keys of their own. */
export { createServiceAccount } from './create-service-account'
export { deleteServiceAccount } from './delete-service-account'
export { disableServiceAccount } from './disable-service-account'
export { enableServiceAccount } from './enable-service-account'
export {
  countServiceAccounts,
  getServiceAccount,
  getServiceAccounts,
  listServiceAccounts,
  type ServiceAccountQuery,
} from './list-service-accounts'
export { ServiceAccountEntity } from './service-account.entity'
export type { ServiceAccountDraft } from './service-account.model'
export type { ServiceAccountRow, ServiceAccountStatus } from './service-account.store'
export { type ServiceAccountObject, serviceAccountObject } from './service-account-access'
export { updateServiceAccount } from './update-service-account'
