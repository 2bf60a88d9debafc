/** A Response whose body is here in full: it is read without the streams that are most of what a Response costs. */
export class WholeResponse extends Response {
  readonly #content: Uint8Array<ArrayBuffer>
  #isUsed = false

  /** @param init  as of `Response`; `status` is one of those that have a body */
  constructor(content: Uint8Array<ArrayBuffer>, init: ResponseInit) {
    super(null, init)
    this.#content = content
  }

  override get bodyUsed(): boolean {
    return this.#isUsed
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(this.#use())
  }

  override async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#use().slice().buffer
  }

  override clone(): WholeResponse {
    if (this.#isUsed) throw new TypeError('The body was read already')
    const { status, statusText, headers } = this
    return new WholeResponse(this.#content, { status, statusText, headers })
  }

  #use(): Uint8Array<ArrayBuffer> {
    if (this.#isUsed) throw new TypeError('The body was read already')
    this.#isUsed = true
    return this.#content
  }
}
