import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ApiError } from './error.ts'

const ERRORS: Record<string, [status: string, code: string, message: string]> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'headers_too_large',
    'The headers are too large.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'request_timeout', 'The request did not arrive in time.'],
}
const MALFORMED = ['400 Bad Request', 'bad_request', 'The request is not valid HTTP.'] as const

/** Answers a request that Node could not read, in the shape of all errors. */
export function answerClientError({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  // An answer that has begun cannot be followed by another one.
  const { _httpMessage: begun } = socket as Socket & { _httpMessage?: ServerResponse | null }
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable || begun?.headersSent) {
    socket.destroy()
    return
  }
  const [status, error, message] = ERRORS[code] ?? MALFORMED
  const body = JSON.stringify({ error: { code: error, message } } satisfies ApiError)
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
