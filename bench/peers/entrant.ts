import type { Child } from '../child'
import type { Pusher } from '../scim/pusher'

/** A contestant: a server, what pushes to it, and what it is able to do. */
export interface Entrant {
  readonly name: EntrantName
  readonly server: Child
  readonly pusher: Pusher
  /** Of its database, as superuser. */
  readonly databaseUrl: string
  /** Users that are there when the race begins. */
  readonly users: number
  /** Most members that one request may add. */
  readonly mostAtOnce: number
  readonly hasCursors: boolean
}

export type EntrantName = 'gatehouse' | 'saml-jackson' | 'better-auth'
