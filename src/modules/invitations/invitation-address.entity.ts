import { Column, Entity, PrimaryColumn } from 'typeorm'

/**
 * A pending invitation by its address, for the person who signs in with it: outside the organization no tenant row is
 * visible, so what that person is shown stands here too.
 */
@Entity('invitation_addresses')
export class InvitationAddressEntity {
  @PrimaryColumn('text') email: string
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @Column('uuid', { name: 'invitation_id' }) invitationId: string
  @Column('text', { name: 'invited_by_name' }) invitedByName: string
  @Column('text', { name: 'role_name' }) roleName: string
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date
}
