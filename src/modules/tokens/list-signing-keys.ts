import { readUseCase } from '../../access'
import type { SigningKey } from './signing-key.model'
import { findSigningKeys } from './signing-key.store'

/** The key set, for everybody who verifies tokens: public parts alone. */
export const publishedKeys = readUseCase({
  name: 'publishedKeys',
  requires: 'anyone',
  organization: () => null,
  atOnce: true,
  run: ({ tx }, _input: Record<string, never>): Promise<SigningKey[]> => findSigningKeys(tx),
})

/** The keys with where they stand, for the operator; the active one first. */
export const listSigningKeys = readUseCase({
  name: 'listSigningKeys',
  requires: 'operator',
  organization: () => null,
  run: ({ tx }, _input: Record<string, never>): Promise<SigningKey[]> => findSigningKeys(tx),
})
