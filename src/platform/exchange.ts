import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

/** An answer that has come in full. */
export interface WholeAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** As it came, not decoded. */
  readonly body: Uint8Array<ArrayBuffer>
}

/** What makes an answer one that is not taken. */
export interface AnswerBounds {
  /** Called with the status before anything of the body is read; throws what the exchange is to fail with. */
  readonly checkStatus: (status: number) => void
  /** Octets of the body. */
  readonly maximum: number
  /** What the exchange fails with when there are more. */
  readonly tooLarge: () => Error
}

/**
 * One request and its answer on undici's wire: it gathers what comes, without the stream and the signals of undici's
 * `request`, which cost more than the rest of it. What is given up, or is not taken, closes its connection.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Rejects with what undici says, with what the bounds say, or with the reason for giving up. */
  readonly answer: Promise<WholeAnswer>
  #resolve!: (answer: WholeAnswer) => void
  #reject!: (reason: Error) => void
  #controller: Dispatcher.DispatchController | null = null
  #failure: Error | null = null
  #head: Pick<WholeAnswer, 'status' | 'headers'> = { status: 0, headers: {} }
  readonly #chunks: Uint8Array[] = []
  #length = 0

  constructor(private readonly bounds: AnswerBounds) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Ends it, whether or not it has a connection yet. Too late when the answer is there. */
  giveUp(reason: Error): void {
    this.#failure ??= reason
    this.#reject(this.#failure)
    this.#controller?.abort(this.#failure)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#failure) controller.abort(this.#failure)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#head = { status, headers }
    try {
      this.bounds.checkStatus(status)
    } catch (error) {
      this.giveUp(error as Error)
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#length += chunk.byteLength
    if (this.#length > this.bounds.maximum) this.giveUp(this.bounds.tooLarge())
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#resolve({ ...this.#head, body: new Uint8Array(Buffer.concat(this.#chunks)) })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error)
  }
}
