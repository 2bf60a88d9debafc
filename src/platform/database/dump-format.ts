const NOTICE = /^-- Pieces end with: (-- [0-9a-f]{32}\n)/

/** The first line of a dump: the line that closes each of its pieces. @param boundary  a comment of SQL, with its newline */
export function boundaryNotice(boundary: string): string {
  return `-- Pieces end with: ${boundary}`
}

/**
 * Cuts a dump into its pieces as it streams by; only the piece at hand is kept.
 *
 * @throws Error  it does not begin as a dump does, or ends in the middle of a piece
 */
export async function* readPieces(dump: AsyncIterable<string>): AsyncGenerator<string> {
  let boundary: string | null = null
  let text = ''
  let searched = 0
  for await (const chunk of dump) {
    text += chunk
    if (boundary === null) {
      if (!text.includes('\n') && text.length < 100) continue
      boundary = NOTICE.exec(text)?.[1] ?? null
      if (boundary === null) throw new Error('This file was not written by npm run backup.')
      text = text.slice(boundaryNotice(boundary).length)
    }
    for (let end = text.indexOf(boundary, searched); end >= 0; end = text.indexOf(boundary)) {
      yield text.slice(0, end)
      text = text.slice(end + boundary.length)
      searched = 0
    }
    // A boundary may have been cut by the end of the chunk.
    searched = Math.max(0, text.length - boundary.length)
  }
  if (boundary === null) throw new Error('This file was not written by npm run backup.')
  if (text !== '') throw new Error('The file is not complete.')
}
