import { toTypeId } from '../../kernel/ids'

/** Where an identity provider pushes to a directory: what is entered there as base URL, without a slash at the end. */
export function scimBaseUrl(publicUrl: string, directoryId: string): string {
  return `${scimRootUrl(publicUrl)}/${toTypeId('Directory', directoryId)}`
}

/** What every base URL of this installation begins with. */
export function scimRootUrl(publicUrl: string): string {
  return `${publicUrl}/scim/v2`
}
