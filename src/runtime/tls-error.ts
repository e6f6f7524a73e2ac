/** Reasons for which Node gives a TLS connection up, besides those that begin with ERR_SSL or ERR_TLS. */
const CERTIFICATE_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Whether Node or the other side gave a TLS connection up over a certificate or the protocol. */
export function isTlsError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const { code } = error
  return typeof code === 'string' && (CERTIFICATE_CODES.has(code) || /^ERR_(SSL|TLS)_/.test(code))
}
