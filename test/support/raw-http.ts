import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What came back; null where the server ended the connection without a word. */
export interface RawAnswer {
  readonly status: number
  readonly body: string
}

const HEAD_END = '\r\n\r\n'
const PATIENCE_MILLISECONDS = 30_000

/**
 * Sends bytes as they are and reads one answer, on a connection of its own whose sending side is closed behind them: for
 * requests that no HTTP client would send.
 *
 * @throws Error  nothing came and the connection stayed open for 30 seconds
 */
export async function sendRaw(url: string, bytes: string | Buffer): Promise<RawAnswer | null> {
  const socket = open(url)
  socket.end(bytes)
  return read(socket)
}

/**
 * Sends pieces for as long as there is no answer.
 * @returns  the answer, and how many bytes had been sent when it came
 */
export async function sendUntilAnswered(
  url: string,
  head: string,
  piece: Buffer,
  most: number,
): Promise<{ answer: RawAnswer | null; sent: number }> {
  const socket = open(url)
  let isAnswered = false
  const answer = read(socket).finally(() => {
    isAnswered = true
  })
  socket.write(head)
  let sent = 0
  while (!isAnswered && sent < most) {
    sent += piece.length
    // Whoever refuses may hang up while more is on the way.
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => {}), answer])
    else await new Promise(setImmediate)
  }
  return { answer: await answer, sent }
}

function open(url: string): Socket {
  const { hostname, port } = new URL(url)
  return connect({ host: hostname, port: Number(port), allowHalfOpen: true })
}

/** Reads until the answer is whole; a connection that breaks has said what it had to say. */
function read(socket: Socket): Promise<RawAnswer | null> {
  return new Promise((resolve, reject) => {
    let received = ''
    const finish = (): void => {
      clearTimeout(patience)
      socket.destroy()
      resolve(answerIn(received))
    }
    const patience = setTimeout(() => {
      socket.destroy()
      reject(new Error(`No whole answer came: ${received.slice(0, 200)}`))
    }, PATIENCE_MILLISECONDS)
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      received += String(chunk)
      if (isWhole(received)) finish()
    })
    socket.on('end', finish)
    socket.on('error', finish)
  })
}

function isWhole(received: string): boolean {
  const [head, length] = headOf(received)
  return length !== null && received.length >= head + length
}

function answerIn(received: string): RawAnswer | null {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1]
  if (status === undefined) return null
  const [head, length] = headOf(received)
  // What follows is the answer to what the server took for another request.
  return { status: Number(status), body: received.slice(head, length === null ? undefined : head + length) }
}

/** Where the body begins, and how long it is; null while nobody knows. */
function headOf(received: string): [end: number, length: number | null] {
  const end = received.indexOf(HEAD_END)
  if (end < 0) return [received.length, null]
  const length = /^content-length: (\d+)$/im.exec(received.slice(0, end))?.[1]
  return [end + HEAD_END.length, length === undefined ? null : Number(length)]
}
