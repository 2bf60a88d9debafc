export { createSealer, type Sealer } from './sealer'
export { type SelfSigned, selfSignedCertificate } from './self-signed-certificate'
export { hashToken, makeToken, type NewToken, readToken, TOKEN_PREFIXES, type TokenKind } from './token'
export { TOKEN_PATTERNS } from './token-patterns'
