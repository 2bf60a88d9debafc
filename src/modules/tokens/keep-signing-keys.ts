import { Operation, type Spine, systemCaller, type WriteContext, writeUseCase } from '../../access'
import { makeSigningKey } from './make-signing-key'
import { dueChanges, type KeyChanges, type SigningKey } from './signing-key.model'
import { deleteSigningKeys, insertSigningKey, lockSigningKeys, setSigningKeyStatus } from './signing-key.store'

/**
 * Does what is due to the keys that sign access tokens: makes missing ones, lets the next one take over after 30 days and
 * takes retired ones out of the key set. Any number of processes may do it at once.
 */
export const keepSigningKeys = writeUseCase({
  name: 'keepSigningKeys',
  requires: 'operator',
  organization: () => null,
  locks: 'none',
  async run(context, _input: Record<string, never>): Promise<void> {
    const { keys, now } = await lockSigningKeys(context.tx)
    await applyKeyChanges(context, dueChanges(keys, now))
  },
})

/** The worker's turn, and that of a process before it listens: nobody is to wait for the first key. */
export async function keepKeys(spine: Spine): Promise<void> {
  await new Operation(spine, systemCaller('signing keys')).execute(keepSigningKeys, {})
}

/** Changes the keys and says so in the audit log of the installation. */
export async function applyKeyChanges(context: WriteContext, changes: KeyChanges): Promise<void> {
  const { tx, sealer } = context
  await deleteSigningKeys(
    tx,
    changes.remove.map(({ id }) => id),
  )
  for (const key of changes.remove) auditKey(context, 'signing_key.removed', key)
  // The old one first: there is room for one active key.
  if (changes.retire) await setSigningKeyStatus(tx, changes.retire.id, 'RETIRED')
  if (changes.activate) await setSigningKeyStatus(tx, changes.activate.id, 'ACTIVE')
  if (changes.retire) auditKey(context, 'signing_key.retired', changes.retire)
  if (changes.activate) auditKey(context, 'signing_key.activated', changes.activate)
  for (const status of changes.create) {
    const key = await makeSigningKey(sealer)
    if (await insertSigningKey(tx, key, status)) auditKey(context, 'signing_key.created', key)
  }
}

function auditKey(context: WriteContext, action: string, { id }: Pick<SigningKey, 'id'>): void {
  context.audit({ action, targets: [{ type: 'SigningKey', id }] })
}
