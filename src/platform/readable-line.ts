interface Line {
  level: string
  time: string
  msg?: string
  req?: { method: string; url: string }
  res?: { statusCode: number }
  err?: { message: string; stack?: string }
  [field: string]: unknown
}

/** What a developer never looks for. */
const OMITTED: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'req', 'res', 'err'])

/**
 * Turns one of pino's JSON lines into `12:34:56 info  message  key=value`; an error's stack follows on its own lines.
 *
 * @param json  one line as pino writes it, times in ISO 8601
 * @returns     text that ends with a new line; times are UTC
 */
export function readableLine(json: string): string {
  const line = JSON.parse(json) as Line
  const fields = Object.entries(line)
    .filter(([name]) => !OMITTED.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const request = line.req ? `${line.req.method} ${line.req.url}` : ''
  const status = line.res ? `→ ${line.res.statusCode}` : ''
  const words = [line.time.slice(11, 19), line.level.padEnd(5), line.msg ?? '', request, status, ...fields]
  const stack = line.err ? `\n${line.err.stack ?? line.err.message}` : ''
  return `${words.filter((word) => word !== '').join('  ')}${stack}\n`
}
