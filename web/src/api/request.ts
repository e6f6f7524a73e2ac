import type { ApiError } from '../../../src/api/error.ts'

/** Why a request failed; `code` is stable, `field` names the refused input. */
export class RequestError extends Error {
  readonly code: string
  readonly status: number
  readonly field: string | undefined

  constructor(message: string, code: string, status: number, field?: string) {
    super(message)
    this.name = 'RequestError'
    this.code = code
    this.status = status
    this.field = field
  }

  /** A retry can help only if the request itself was valid. */
  get retryable(): boolean {
    return this.status === 0 || this.status >= 500
  }
}

async function refusal(response: Response): Promise<RequestError> {
  try {
    const { error } = (await response.json()) as ApiError
    return new RequestError(error.message, error.code, response.status, error.field)
  } catch {
    // A proxy between the page and the server answered, so the body is not the API's.
    return new RequestError(`The server answered ${response.status}.`, 'unexpected', response.status)
  }
}

async function send(url: string, init: RequestInit, answers: readonly number[] = []): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new RequestError('Playhead’s server cannot be reached.', 'unreachable', 0)
  }
  if (!response.ok && !answers.includes(response.status)) throw await refusal(response)
  return response
}

/** @param answers statuses besides 2xx that carry an answer and are not failures */
export async function getJson<Answer>(
  url: string,
  signal?: AbortSignal,
  answers?: readonly number[],
): Promise<Answer> {
  const response = await send(url, signal ? { signal } : {}, answers)
  return (await response.json()) as Answer
}

/** @param key the same for repeats of one request, which then count once */
export async function postJson<Answer>(url: string, body: unknown, key?: string): Promise<Answer> {
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Answer
}

/** @throws RequestError when it is refused; reading the body throws when it breaks off */
export async function getStream(
  url: string,
  signal: AbortSignal,
): Promise<{ headers: Headers; body: ReadableStream<Uint8Array<ArrayBuffer>> }> {
  const { headers, body } = await send(url, { signal })
  return { headers, body: body ?? new ReadableStream() }
}
