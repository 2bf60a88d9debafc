/** Why a SAML response is not taken, for the audit log and for the Admin; the employee is told none of it. */
export type SamlRefusalCode =
  | 'FORM'
  | 'SIZE'
  | 'TEXT'
  | 'SCHEMA'
  | 'STRUCTURE'
  | 'ALGORITHM'
  | 'SIGNATURE'
  | 'STATUS'
  | 'ISSUER'
  | 'AUDIENCE'
  | 'RECIPIENT'
  | 'TIME'
  | 'CONDITIONS'
  | 'SUBJECT'
  | 'AUTHENTICATION'
  | 'CORRELATION'

/** A SAML response that is refused. The message names what is wrong, never what stood in the response. */
export class SamlRefusal extends Error {
  constructor(
    readonly code: SamlRefusalCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause })
  }
}
