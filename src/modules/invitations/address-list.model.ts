import { normalizeEmail } from '../../kernel/email-address'

/** One address somebody typed or pasted, or a piece of text that should have been one. */
export interface ListedAddress {
  /** Which text of the input it stands in, from 0. */
  index: number
  /** What was written, at most 320 characters. */
  input: string
  /** The normalized address; null when the text is none. */
  email: string | null
}

// Longer than any address (RFC 5321 §4.5.3.1): enough to recognise a wrong one in an answer.
const MAXIMUM_ECHO = 320

// A quoted display name, an address in angle brackets, a separator, a word; anything else is a stray sign. Each
// alternative ends at the first character that is not its own, so scanning takes linear time.
const PIECE = /"([^"\r\n]*)"|<([^<>\r\n]*)>|([,;\r\n])|([^\s,;<>"]+)/g

/**
 * Finds the addresses in texts as people paste them: separated by commas, semicolons, spaces or new lines, also as
 * `Name <a@b.c>` or `"Last, First" <a@b.c>`. The same address twice counts once; case does not matter.
 *
 * @returns  addresses and unreadable pieces, in the order of their first appearance
 */
export function readAddressList(texts: readonly string[]): ListedAddress[] {
  const found = new Map<string, ListedAddress>()
  texts.forEach((text, index) => {
    for (const piece of piecesOf(text)) {
      const email = normalizeEmail(piece)
      const key = email ?? piece
      if (!found.has(key)) found.set(key, { index, input: piece.slice(0, MAXIMUM_ECHO), email })
    }
  })
  return [...found.values()]
}

function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let waiting: { text: string; isQuoted: boolean }[] = []
  const take = (words: typeof waiting) => {
    for (const word of words) if (word.text.trim()) pieces.push(word.text.trim())
    waiting = []
  }
  for (const [, quoted, bracketed, separator, word] of text.matchAll(PIECE)) {
    if (quoted !== undefined) waiting.push({ text: quoted, isQuoted: true })
    else if (word !== undefined) waiting.push({ text: word, isQuoted: false })
    else if (separator !== undefined) take(waiting)
    else {
      // What stands before the brackets is the name, unless an address was written there without a separator.
      take(waiting.filter(({ text, isQuoted }) => !isQuoted && text.includes('@')))
      take([{ text: bracketed!, isQuoted: false }])
    }
  }
  take(waiting)
  return pieces
}
