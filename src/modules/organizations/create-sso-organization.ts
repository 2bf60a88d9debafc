import { writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { insertDefaultProject } from '../projects'
import { insertSystemRoles } from '../roles'
import { issueSetupLink } from '../setup-links'
import { checkOrganizationDraft, type OrganizationDraft } from './organization.model'
import { insertOrganization } from './organization.store'

/** A new organization that begins in SSO mode; its id is made by the caller, since it is the tenant of the transaction. */
export interface CreateSsoOrganization extends OrganizationDraft {
  organizationId: string
  /** Who becomes Admin at the first sign-in through the company. */
  firstAdminEmail: string | null
}

const LINK_HOURS = 720

/**
 * Creates an organization whose members come by SSO from the start. It has no member: whoever holds the set-up link
 * connects the company, and the named person becomes Admin at the first sign-in by a connection that has passed its test.
 *
 * @returns the token of the set-up link, shown once; it works for 30 days
 * @throws REQUIRED, TOO_LONG, INVALID  per value, with path
 * @throws NOT_UNIQUE  the slug is taken
 */
export const createSsoOrganization = writeUseCase({
  name: 'createSsoOrganization',
  requires: 'account-or-operator',
  organization: (input: CreateSsoOrganization) => input.organizationId,
  locks: 'none',
  async run(context, input): Promise<string> {
    const { tx, actor } = context
    const { organizationId, firstAdminEmail } = input
    const draft = checkOrganizationDraft(input)
    if (!firstAdminEmail)
      throw new AppError('REQUIRED', 'Say who becomes the first Admin.', { path: ['input', 'firstAdminEmail'] })
    await insertOrganization(tx, organizationId, draft, 'SSO')
    await insertSystemRoles(tx, organizationId)
    await insertDefaultProject(tx, organizationId, actor)
    context.audit({
      action: 'organization.created',
      targets: [{ type: 'Organization', id: toTypeId('Organization', organizationId), label: draft.name }],
      changes: [{ field: 'membershipMode', before: null, after: 'SSO' }],
    })
    const intents = ['SSO', 'DIRECTORY', 'DOMAINS'] as const
    const link = { intents, expiresInHours: LINK_HOURS, firstAdminEmail }
    return (await issueSetupLink(context, organizationId, link)).token
  },
})
