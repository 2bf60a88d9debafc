import type { Connection } from 'pg'

/**
 * Makes views of connections for pg's own way of sending a statement: the same but for one message, which is not sent. Each
 * connection has one view.
 */
export function leavingOut(message: 'describe' | 'sync'): (connection: Connection) => Connection {
  const views = new WeakMap<Connection, Connection>()
  return (connection) => {
    const known = views.get(connection)
    if (known) return known
    const made = Object.create(connection, { [message]: { value: () => {} } }) as Connection
    views.set(connection, made)
    return made
  }
}
