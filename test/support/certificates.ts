import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const DAYS = '3'

/** PEM files of a certificate and its private key. */
export interface Certificate {
  certificate: string
  key: string
}

/** A certificate authority for one test. */
export interface Authority {
  /** PEM file of its certificate. */
  ca: string
  /** Signs a certificate for a server on this machine, or for a client with this name. */
  sign(name: string): Promise<Certificate>
}

/** Creates an authority in a folder with the machine's `openssl`. */
export async function makeAuthority(folder: string): Promise<Authority> {
  await mkdir(folder, { recursive: true })
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await openssl(
    ...['req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', DAYS],
    ...['-subj', '/CN=Playhead test authority', '-addext', 'basicConstraints=critical,CA:TRUE'],
  )
  return {
    ca: join(folder, 'ca.pem'),
    async sign(name) {
      await openssl(
        ...['req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`],
      )
      await writeFile(join(folder, `${name}.ext`), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n')
      await openssl(
        ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
        ...['-out', `${name}.pem`, '-days', DAYS, '-extfile', `${name}.ext`],
      )
      return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
    },
  }
}

/** Writes key and certificate into one file, as Kafka's PEM key store expects. */
export async function writeKeyStore(file: string, { certificate, key }: Certificate): Promise<void> {
  await writeFile(file, `${await readFile(key, 'utf8')}${await readFile(certificate, 'utf8')}`)
}
