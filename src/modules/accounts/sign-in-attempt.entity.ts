import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A sign-in on its way to a provider and back: bound to one browser, used once. */
@Entity('sign_in_attempts')
export class SignInAttemptEntity {
  @PrimaryColumn('uuid') id: string
  @Column('text') provider: string
  @Column('bytea', { name: 'browser_hash' }) browserHash: Buffer
  @Column('bytea', { name: 'state_hash' }) stateHash: Buffer
  /** Nonce and code verifier, sealed. */
  @Column('bytea') sealed: Buffer
  @Column('text', { name: 'return_to' }) returnTo: string
  /** The account that links a further identity; null for a sign-in. */
  @Column('uuid', { name: 'link_user_id', nullable: true }) linkUserId: string | null
  /** The organization in which somebody connects a way of their own; null where the account itself links. */
  @Column('uuid', { name: 'link_organization_id', nullable: true }) linkOrganizationId: string | null
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true }) usedAt: Date | null
}
