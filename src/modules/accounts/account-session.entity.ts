import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A signed-in browser of a person, outside any organization. */
@Entity('account_sessions')
export class AccountSessionEntity {
  @PrimaryColumn('uuid') id: string
  @Column('bytea', { name: 'token_hash' }) tokenHash: Buffer
  @Column('uuid', { name: 'user_id' }) userId: string
  @Column('uuid', { name: 'identity_id' }) identityId: string
  @Column('text') provider: string
  @Column('text', { nullable: true }) ip: string | null
  @Column('text', { name: 'user_agent', nullable: true }) userAgent: string | null
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'last_active_at', precision: 3, default: () => 'now()' }) lastActiveAt: Date
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true }) revokedAt: Date | null
}
