/** A group as the client wrote it, in our words; members apart. The key is made by the protocol's caseKey. */
export interface DirectoryGroupDraft {
  readonly displayName: string
  readonly displayNameKey: string
  readonly externalId: string | null
}

/** A group of a directory as it is stored; members apart. */
export interface DirectoryGroup {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | null
  /** People and groups that it names itself. */
  readonly memberCount: number
  readonly teamId: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Who or what a group names as a member, by UUID. */
export interface MemberIds {
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** A member of a group with what is shown of it. */
export interface GroupMember {
  readonly groupId: string
  readonly id: string
  readonly kind: 'USER' | 'GROUP'
  /** displayName or userName of a person, displayName of a group. */
  readonly display: string
}

/** Who joins and who leaves; no id is in both. With `everybody` all leave but those who join. */
export interface MembershipDelta {
  readonly joining: MemberIds
  readonly leaving: MemberIds | 'everybody'
}

/** Groups under a group, and under those, at most: as deep as teams. */
export const DEEPEST_NESTING = 5
