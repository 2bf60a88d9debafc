import { checkMarkup } from '../../platform/xml'
import { SamlRefusal } from './refusal'
import { refusing } from './xml'

const MAXIMUM_BYTES = 256 * 1024
const MAXIMUM_ELEMENTS = 2_000

/**
 * The XML text of a posted `SAMLResponse`, before anything parses it: one field, bounded, strict base64 and UTF-8,
 * without whatever a parser could be led astray by. DOCTYPE, entities, comments, CDATA and processing instructions
 * have no business in a SAML message.
 *
 * @param field  what the form brought; a repeated field is an array
 * @throws SamlRefusal  FORM, SIZE or TEXT
 */
export function readMessageText(field: unknown): string {
  if (typeof field !== 'string') throw new SamlRefusal('FORM', 'SAMLResponse must be sent exactly once.')
  if (field.length > (MAXIMUM_BYTES * 4) / 3 + 4) throw new SamlRefusal('SIZE', 'The response is larger than 256 KiB.')
  // Providers break base64 into lines; nothing else but its alphabet is allowed.
  const base64 = field.replace(/[\r\n]/g, '')
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    throw new SamlRefusal('TEXT', 'The response is not base64.')
  const text = decode(Buffer.from(base64, 'base64'))
  refusing(() => checkMarkup(text, MAXIMUM_ELEMENTS))
  return text
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new SamlRefusal('TEXT', 'The response is not UTF-8.', error)
  }
}
