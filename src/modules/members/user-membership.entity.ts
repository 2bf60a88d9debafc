import { Column, Entity, PrimaryColumn } from 'typeorm'

/** The account side of a joined or suspended member: "my organizations", where no tenant row is visible. */
@Entity('user_memberships')
export class UserMembershipEntity {
  @PrimaryColumn('uuid', { name: 'user_id' }) userId: string
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @Column('uuid', { name: 'member_id' }) memberId: string
  @Column('text') status: 'JOINED' | 'SUSPENDED'
  @Column('text', { name: 'role_key' }) roleKey: string
  @Column('boolean', { name: 'exclusive_membership' }) exclusiveMembership: boolean
  @Column({ type: 'timestamptz', name: 'joined_at', precision: 3 }) joinedAt: Date
}
