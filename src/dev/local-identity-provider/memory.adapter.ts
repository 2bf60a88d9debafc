import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

type Entry = { payload: AdapterPayload; expiresAt: number }

/**
 * Makes the storage that oidc-provider asks for: a map in memory, gone on restart.
 *
 * Who is signed in is deliberately never found again: without a session every sign-in shows the list of people, and
 * changing from one person to another needs no sign-out.
 */
export function createMemoryAdapter(): AdapterFactory {
  const entries = new Map<string, Entry>()
  return (model) => (model === 'Session' ? new ForgetfulAdapter(model, entries) : new MemoryAdapter(model, entries))
}

class MemoryAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly entries: Map<string, Entry>,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    this.dropExpired()
    // The client and others come without a lifetime.
    const expiresAt = expiresInSeconds ? Date.now() + expiresInSeconds * 1000 : Number.POSITIVE_INFINITY
    this.entries.set(this.key(id), { payload, expiresAt })
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = this.entries.get(this.key(id))
    return entry && entry.expiresAt > Date.now() ? entry.payload : undefined
  }

  async findByUserCode(): Promise<undefined> {
    return undefined
  }

  async findByUid(): Promise<undefined> {
    return undefined
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id)
    if (payload) payload.consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id: string): Promise<void> {
    this.entries.delete(this.key(id))
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of this.entries) if (payload.grantId === grantId) this.entries.delete(key)
  }

  private key(id: string): string {
    return `${this.model}:${id}`
  }

  private dropExpired(): void {
    const now = Date.now()
    for (const [key, { expiresAt }] of this.entries) if (expiresAt <= now) this.entries.delete(key)
  }
}

/** Keeps of a session nothing but a sign-out on its way, which a second request ends. */
class ForgetfulAdapter extends MemoryAdapter {
  override async upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    const { kind, uid, jti, exp, iat, state } = payload
    if (state) await super.upsert(id, { kind, uid, jti, exp, iat, state }, expiresInSeconds)
  }
}
