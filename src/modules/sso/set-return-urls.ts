import { readUseCase, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { checkReturnUrls } from './return-url.model'
import { findReturnUrls, writeReturnUrls } from './return-url.store'

/** All return URLs of an organization anew. */
export interface SetReturnUrls {
  organizationId: string
  urls: readonly string[]
}

/**
 * Says to which addresses of the platform's frontends a sign-in may return with a code for its session.
 * @throws TOO_MANY, INVALID  with path
 */
export const setReturnUrls = writeUseCase({
  name: 'setReturnUrls',
  requires: 'sso.manage',
  organization: (input: SetReturnUrls) => input.organizationId,
  locks: 'update',
  async run(context, { organizationId, urls }): Promise<void> {
    const before = await findReturnUrls(context.tx, organizationId)
    const after = checkReturnUrls(urls)
    if (before.join('\n') === after.join('\n')) return
    await writeReturnUrls(context.tx, organizationId, after)
    const { name } = context.locked!
    context.audit({
      action: 'organization.updated',
      targets: [{ type: 'Organization', id: toTypeId('Organization', organizationId), label: name }],
      changes: [{ field: 'returnUrls', before, after }],
    })
  },
})

/** The return URLs of an organization. */
export const listReturnUrls = readUseCase({
  name: 'listReturnUrls',
  requires: 'sso.read',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: ({ tx, organizationId }): Promise<string[]> => findReturnUrls(tx, organizationId),
})
