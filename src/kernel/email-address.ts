// RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all. The local part is the dot-atom of RFC 5322 §3.2.3 and
// UTF-8 (RFC 6531); quoted local parts are refused, since no identity provider sends them.
const LOCAL_PART = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$/u

/**
 * The form in which an address is stored and compared: trimmed, NFC, lower case.
 * Null when the text is not an address. Dots and +tags stay: they name different mailboxes.
 */
export function normalizeEmail(text: string): string | null {
  const address = text.trim().normalize('NFC').toLowerCase()
  const at = address.lastIndexOf('@')
  if (at < 1 || Buffer.byteLength(address) > 254 || Buffer.byteLength(address.slice(0, at)) > 64) return null
  return LOCAL_PART.test(address.slice(0, at)) && DOMAIN.test(address.slice(at + 1)) ? address : null
}

/** The part after the @ of a normalized address. */
export function emailDomain(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1)
}
