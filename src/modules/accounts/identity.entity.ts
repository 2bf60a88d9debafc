import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A way to sign in that a person has proven. (provider, subject) is its key; the e-mail never is. */
@Entity('identities')
export class IdentityEntity {
  @PrimaryColumn('uuid') id: string
  @Column('uuid', { name: 'user_id' }) userId: string
  @Column('text') provider: string
  @Column('text') subject: string
  @Column('text', { nullable: true }) email: string | null
  /** Addresses that this provider says it has verified, normalized. */
  @Column('text', { name: 'verified_emails', array: true, default: '{}' }) verifiedEmails: string[]
  /** The organization in whose company session it was connected; null for every other. */
  @Column('uuid', { name: 'connected_in', nullable: true }) connectedIn: string | null
  @Column({ type: 'timestamptz', name: 'linked_at', precision: 3, default: () => 'now()' }) linkedAt: Date
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, default: () => 'now()' }) lastUsedAt: Date
}
