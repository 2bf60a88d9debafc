import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A one-time code sent to an address, for the browser that asked. */
@Entity('sign_in_codes')
export class SignInCodeEntity {
  @PrimaryColumn('uuid') id: string
  @Column('text') email: string
  @Column('bytea', { name: 'browser_hash' }) browserHash: Buffer
  @Column('bytea', { name: 'code_hash' }) codeHash: Buffer
  @Column('text', { name: 'return_to' }) returnTo: string
  @Column('uuid', { name: 'link_user_id', nullable: true }) linkUserId: string | null
  /** The organization in which somebody connects a way of their own; null where the account itself links. */
  @Column('uuid', { name: 'link_organization_id', nullable: true }) linkOrganizationId: string | null
  /** Guesses made, 0..5. */
  @Column('integer', { default: 0 }) attempts: number
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true }) usedAt: Date | null
}
