import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A person, possibly in several organizations. Identity table: no tenant. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid') id: string
  @Column('text') name: string
  @Column('text') email: string
  @Column('text', { name: 'avatar_url', nullable: true }) avatarUrl: string | null
  @Column({ type: 'timestamptz', name: 'disabled_at', nullable: true, precision: 3 }) disabledAt: Date | null
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3, default: () => 'now()' }) updatedAt: Date
}
