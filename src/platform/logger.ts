import { type DestinationStream, type Logger, pino, type SerializerFn, stdTimeFunctions } from 'pino'
import type { Config } from './config'
import { readableLine } from './readable-line'
import { redactFields, redactText, redactUrl } from './redaction'

const MAX_CAUSES = 5
// A write for every line costs more than all else that a line takes.
const BLOCK = { minLength: 4_096, periodicFlush: 500 } as const

/**
 * Makes the process's logger: one JSON object per line in production and tests, a readable line in development.
 * Secrets are taken out by field name at any depth, and by their look from all remaining text.
 *
 * @param destination  where whole lines go; standard output when left out
 */
export function createLogger(
  config: Pick<Config, 'environment' | 'logLevel'>,
  destination: DestinationStream = standardOutput(config.environment === 'production'),
): Logger {
  const isReadable = config.environment === 'development'
  const logger = pino(
    {
      level: config.logLevel,
      timestamp: stdTimeFunctions.isoTime,
      // The level as a word: log collectors know words, not pino's numbers.
      formatters: { level: (level) => ({ level }), log: redactFields },
      serializers: { err: describeError, error: describeError, req: describeRequest, res: describeResponse },
      hooks: {
        streamWrite: (line) => (isReadable ? readableLine(redactText(line)) : redactText(line)),
      },
    },
    destination,
  )
  return withRedactedBindings(logger)
}

/** In production lines are written in blocks, at the latest after half a second, and when the process ends. */
function standardOutput(isProduction: boolean): DestinationStream {
  const output = pino.destination({ fd: 1, sync: true, ...(isProduction && BLOCK) })
  process.once('exit', () => output.flushSync())
  return output
}

/** pino's own formatter of bindings is dropped for children; theirs are redacted on the way in. */
function withRedactedBindings(logger: Logger): Logger {
  const prototype = Object.getPrototypeOf(logger) as Logger
  logger.child = function (this: Logger, bindings, options) {
    return prototype.child.call(this, redactFields(bindings), options)
  } as Logger['child']
  return logger
}

/** Names the fields one by one: database errors carry the statement's parameters, HTTP errors whole requests. */
const describeError: SerializerFn = (error: unknown) => describeCause(error, 0)

function describeCause(error: unknown, depth: number): unknown {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? error : `a thrown ${typeof error}` }
  const { code, constraint, cause } = error as Error & { code?: unknown; constraint?: unknown }
  return {
    type: error.name,
    message: error.message,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    constraint: typeof constraint === 'string' ? constraint : undefined,
    stack: error.stack,
    cause: cause === undefined || depth === MAX_CAUSES ? undefined : describeCause(cause, depth + 1),
  }
}

const describeRequest: SerializerFn = (request: { method?: string; url?: string; ip?: string }) => ({
  method: request.method,
  url: redactUrl(request.url ?? ''),
  remoteAddress: request.ip,
})

const describeResponse: SerializerFn = (response: { statusCode?: number }) => ({ statusCode: response.statusCode })
