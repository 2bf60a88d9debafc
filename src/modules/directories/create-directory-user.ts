import { Pending, type WriteContext } from '../../access'
import { newId, toTypeId } from '../../kernel/ids'
import { beginToProvisionMember } from '../members'
import { directoryUserTarget } from './directory-audit'
import { findSettingsForNew } from './directory-settings.store'
import { directoryWrite } from './directory-use-case'
import { type DirectoryUser, type DirectoryUserDraft, memberEmail } from './directory-user.model'
import { countInDirectory, type InDirectory, insertDirectoryUser, takenUserName } from './directory-user.store'
import { followDirectory, lockMember, NOTHING } from './follow-directory'
import { followProfile } from './follow-profile'
import { matchMember } from './match-member'
import { closeConflict, findMembersByEmail, type NewConflict, noteConflict } from './member-match.store'

/** A person whom the identity provider pushes for the first time. */
export interface CreateDirectoryUser extends InDirectory {
  readonly draft: DirectoryUserDraft
}

/** The person, or the conflict that an Admin has to decide before the next attempt. */
export type DirectoryUserCreated =
  | { readonly kind: 'created'; readonly user: DirectoryUser; readonly isAdopted: boolean }
  | { readonly kind: 'conflict'; readonly memberId: string; readonly reason: NewConflict['reason'] }

/**
 * Makes a person of the directory, and the member that goes with them: a new one, or one that is there with the same
 * address, where the domain is proven or an Admin has confirmed it. `active: false` makes a suspended member without access.
 *
 * @throws NOT_UNIQUE  the directory has somebody with this userName
 */
export const createDirectoryUser = directoryWrite({
  name: 'createDirectoryUser',
  locks: 'share',
  // A conflict is kept although nothing else has happened.
  unaudited: true,
  isPlain: true,
  sharedBeside: ({ draft }: CreateDirectoryUser) => draft.userNameKey,
  ahead: (tx, { draft, ...place }: CreateDirectoryUser) =>
    Promise.all([
      findSettingsForNew(tx, place, draft.userNameKey),
      findMembersByEmail(tx, place, draft.emails, draft.userNameKey),
    ]),
  async run(
    context,
    { draft, ...place },
    [settings, sameAddress],
  ): Promise<DirectoryUserCreated | Pending<DirectoryUserCreated>> {
    const { tx } = context
    if (settings.isNameTaken) throw takenUserName()
    const match = await matchMember(context, place, sameAddress, settings)
    if (match.kind === 'conflict') return keepConflict(context, place, draft, match)
    const id = newId()
    const isAdopted = match.kind === 'adopt'
    const memberId = isAdopted ? match.memberId : newId()
    // Sent together: a person whose member could not be made is refused by the foreign key.
    const provisioned = isAdopted ? NOTHING : await provision(context, { id, memberId }, draft, settings, match.taken)
    const written = new Pending(insertDirectoryUser(tx, place, { id, memberId, isAdopted }, draft))
    // A new member is active, and as the directory says in everything else.
    if (isAdopted || !draft.active) {
      await provisioned.output
      await written.output
      const member = await lockMember(context, memberId)
      await (await followDirectory(context, member, draft.active)).output
      if (isAdopted) await followProfile(context, place, member, draft)
    }
    if (isAdopted) await closeConflict(tx, place, memberId, draft.userNameKey)
    context.audit({
      action: isAdopted ? 'directory.user.adopted' : 'directory.user.created',
      targets: [
        directoryUserTarget({ id, userName: draft.userName }),
        { type: 'Member', id: toTypeId('Member', memberId), label: draft.name },
      ],
    })
    countInDirectory(context, place, { users: 1 })
    return new Pending(answer())

    // In the order in which it was asked: behind what failed, the rest fails for that alone.
    async function answer(): Promise<DirectoryUserCreated> {
      await provisioned.output
      return { kind: 'created', user: await written.output, isAdopted }
    }
  },
})

function provision(
  context: WriteContext,
  { id, memberId }: { id: string; memberId: string },
  draft: DirectoryUserDraft,
  { defaultRole }: { defaultRole: { id: string; key: string } },
  taken: ReadonlySet<string>,
): Promise<Pending<unknown>> {
  return beginToProvisionMember(context, context.organizationId, {
    memberId,
    name: draft.name,
    email: memberEmail(draft.emails, taken, toTypeId('DirectoryUser', id)),
    role: defaultRole,
    source: 'SCIM',
  })
}

async function keepConflict(
  context: WriteContext,
  place: InDirectory,
  draft: DirectoryUserDraft,
  { member, reason }: { member: { id: string; email: string }; reason: NewConflict['reason'] },
): Promise<DirectoryUserCreated> {
  const { userName, userNameKey, externalId, name } = draft
  const conflict = {
    id: newId(),
    memberId: member.id,
    userName,
    userNameKey,
    externalId,
    email: member.email,
    name,
    reason,
  }
  if (await noteConflict(context.tx, place, conflict)) {
    context.audit({
      action: 'directory.conflict.found',
      targets: [{ type: 'Member', id: toTypeId('Member', member.id), label: member.email }],
      changes: [{ field: 'reason', before: null, after: reason }],
    })
  }
  return { kind: 'conflict', memberId: member.id, reason }
}
