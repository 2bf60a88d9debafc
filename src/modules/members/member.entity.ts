import { Column, Entity, PrimaryColumn } from 'typeorm'

export type MemberStatus = 'INVITED' | 'JOINED' | 'SUSPENDED' | 'REMOVED'
export type MemberSource = 'FOUNDER' | 'INVITATION' | 'ADMIN' | 'SSO' | 'SCIM' | 'JOIN_REQUEST'

/** A person in one organization; exists from the invitation on and stays as REMOVED. */
@Entity('members')
export class MemberEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @PrimaryColumn('uuid') id: string
  /** Null until an invitation is accepted. */
  @Column('uuid', { name: 'user_id', nullable: true }) userId: string | null
  @Column('text') email: string
  /** The part after the @, kept by the database. */
  @Column({ type: 'text', name: 'email_domain', insert: false, update: false }) emailDomain: string
  @Column('text', { default: '' }) name: string
  @Column('text', { name: 'avatar_url', nullable: true }) avatarUrl: string | null
  @Column('text') status: MemberStatus
  @Column('text') source: MemberSource
  @Column('uuid', { name: 'role_id' }) roleId: string
  /** Counted up whenever access ends: sessions and keys of an older epoch are dead. */
  @Column('integer', { default: 1 }) epoch: number
  @Column('text', { name: 'suspension_reason', nullable: true }) suspensionReason: string | null
  @Column({ type: 'timestamptz', name: 'joined_at', precision: 3, nullable: true }) joinedAt: Date | null
  @Column({ type: 'timestamptz', name: 'suspended_at', precision: 3, nullable: true }) suspendedAt: Date | null
  @Column({ type: 'timestamptz', name: 'removed_at', precision: 3, nullable: true }) removedAt: Date | null
  @Column({ type: 'timestamptz', name: 'last_active_at', precision: 3, nullable: true }) lastActiveAt: Date | null
  @Column('integer', { default: 1 }) version: number
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3, default: () => 'now()' }) updatedAt: Date
}
