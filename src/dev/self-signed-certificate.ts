export { type SelfSigned, selfSignedCertificate } from '../platform/crypto'
