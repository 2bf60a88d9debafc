import { Column, Entity, PrimaryColumn } from 'typeorm'

/** How an invitation was decided; EXPIRED is derived from `expires_at` and never stored. */
export type StoredInvitationStatus = 'PENDING' | 'ACCEPTED' | 'DECLINED' | 'REVOKED'

/** The letter that makes an invited member a joined one. */
@Entity('invitations')
export class InvitationEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @PrimaryColumn('uuid') id: string
  @Column('uuid', { name: 'member_id' }) memberId: string
  @Column('text') email: string
  @Column('text', { default: 'PENDING' }) status: StoredInvitationStatus
  /** `INVITATION` while pending and null afterwards: a foreign key to the organization's membership mode. */
  @Column('text', { name: 'organization_mode', nullable: true }) organizationMode: 'INVITATION' | null
  /** SHA-256 of the newest link; stays after the decision, so that the link can say what became of it. */
  @Column('bytea', { name: 'token_hash', nullable: true }) tokenHash: Buffer | null
  @Column('text', { nullable: true }) message: string | null
  @Column('uuid', { name: 'invited_by_id', nullable: true }) invitedById: string | null
  @Column('text', { name: 'invited_by_name' }) invitedByName: string
  @Column('boolean', { name: 'send_email', default: true }) sendEmail: boolean
  @Column('integer', { name: 'send_count', default: 0 }) sendCount: number
  @Column({ type: 'timestamptz', name: 'last_sent_at', precision: 3, nullable: true }) lastSentAt: Date | null
  @Column('text', { name: 'delivery_error', nullable: true }) deliveryError: string | null
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date
  @Column({ type: 'timestamptz', name: 'decided_at', precision: 3, nullable: true }) decidedAt: Date | null
}
