import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { SamlRefusal } from './refusal'
import { ASSERTION_XSD } from './schemas/assertion.xsd'
import { PROTOCOL_XSD } from './schemas/protocol.xsd'
import { XENC_XSD } from './schemas/xenc.xsd'
import { XMLDSIG_XSD } from './schemas/xmldsig.xsd'

const PATIENCE_MILLISECONDS = 5_000

/**
 * Holds a message against the SAML 2.0 schemas with libxml2, in a thread of this process: no network, no external
 * entity, depth bounded, and nobody else waits while a hostile message is looked at.
 *
 * @throws SamlRefusal  SCHEMA
 */
export async function checkSchema(xml: string): Promise<void> {
  thread ??= new SchemaThread()
  const problem = await thread.check(xml).catch((error: Error) => error.message)
  if (problem) throw new SamlRefusal('SCHEMA', 'The response does not follow the SAML 2.0 schema.', new Error(problem))
}

/** Ends the thread, for a process or test that wants to end; the next check starts another. */
export async function endSchemaChecks(): Promise<void> {
  await thread?.end('The server stops.')
}

let thread: SchemaThread | null = null

/** One thread for all messages; it neither keeps the process alive nor outlives a message that it cannot finish. */
class SchemaThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve(problem: string | null): void; reject(error: Error): void }>()
  readonly #ready: Promise<unknown>
  #lastId = READY

  constructor() {
    this.#ready = new Promise((resolve, reject) => this.#waiting.set(READY, { resolve, reject }))
    // Whoever checks is told; nobody else needs to be.
    this.#ready.catch(() => {})
    const module = pathToFileURL(require.resolve('libxml2-wasm')).href
    this.#worker = new Worker(THREAD, { eval: true, workerData: { module, root: ROOT, files: FILES } })
    this.#worker.unref()
    this.#worker.on('message', ({ id, problem }: { id: number; problem: string | null }) => {
      this.#waiting.get(id)?.resolve(problem)
    })
    void once(this.#worker, 'exit')
      .catch((error: Error) => error)
      .then(() => this.end('The schema check ended.'))
  }

  async check(xml: string): Promise<string | null> {
    // How long it takes to start and to compile the schemas is no fault of the message.
    await this.#ready
    const id = ++this.#lastId
    const patience = setTimeout(() => void this.end('The schema check took too long.'), PATIENCE_MILLISECONDS)
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        this.#worker.postMessage({ id, xml })
      })
    } finally {
      clearTimeout(patience)
      this.#waiting.delete(id)
    }
  }

  async end(reason: string): Promise<void> {
    if (thread === this) thread = null
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(reason))
    await this.#worker.terminate()
  }
}

// The first message of the thread, about no document.
const READY = 0
const ROOT = { name: 'saml-schema-protocol-2.0.xsd', text: PROTOCOL_XSD }

// As the schemas name each other.
const FILES: Readonly<Record<string, string>> = {
  'saml-schema-assertion-2.0.xsd': ASSERTION_XSD,
  'xmldsig-core-schema.xsd': XMLDSIG_XSD,
  'xenc-schema.xsd': XENC_XSD,
}

// As text, since libxml2-wasm is an ES module with a top-level await, which only a native import() takes.
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const compiled = import(workerData.module).then((xml) => {
  const buffers = Object.entries(workerData.files).map(([name, text]) => [name, Buffer.from(text)])
  xml.xmlRegisterInputProvider(new xml.XmlBufferInputProvider(Object.fromEntries(buffers)))
  const schema = xml.XmlDocument.fromString(workerData.root.text, { url: workerData.root.name })
  const validator = xml.XsdValidator.fromDoc(schema)
  schema.dispose()
  const option = xml.ParseOption.XML_PARSE_NONET | xml.ParseOption.XML_PARSE_NO_XXE
  return (text) => {
    const document = xml.XmlDocument.fromString(text, { option })
    try { validator.validate(document) } finally { document.dispose() }
  }
})
compiled.then(() => parentPort.postMessage({ id: 0, problem: null }))
parentPort.on('message', async ({ id, xml }) => {
  const validate = await compiled
  let problem = null
  try { validate(xml) } catch (error) { problem = String(error && error.message || error).slice(0, 500) }
  parentPort.postMessage({ id, problem })
})
`
