// The hub as a product sees it, with nothing but Node: its own addresses, a token that is renewed,
// patience, one key for each business act, the tag of what was read, pages to their end.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

const FHIR = 'application/fhir+json'
const OAUTH_URIS = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris'
const PRODUCT = 'CaseTrackNode/1.0 (fetch)'
const TRIES = 8
const ANSWER_MS = 4000
const SPARE_MS = 30_000 // a token is renewed so long before it ends

/** The hub did not do what was asked; the text holds codes and places, never a value. */
export class Refused extends Error {
  constructor (status, issues = []) {
    const told = issues.map(each =>
      [each.details?.coding?.[0]?.code ?? each.code, ...(each.expression ?? [])].join(' '))
    super([status, ...told].join(' '))
    this.status = status
  }
}

/** Only a person may decide how to go on; the text is the question. */
export class NeedsPerson extends Error {}

/** No usable answer came, however often the hub was asked. */
export class Unanswered extends Error {}

export class Hub {
  #base
  #basic
  #known = null
  #token = ''
  #until = 0

  constructor (base, client, secret) {
    this.#base = base.replace(/\/+$/, '')
    // Both halves are form-encoded inside Basic (RFC 6749 section 2.3.1).
    const pair = [client, secret].map(each => new URLSearchParams({ '': each }).toString().slice(1))
    this.#basic = `Basic ${Buffer.from(pair.join(':')).toString('base64')}`
  }

  /** Return { body, etag } of `Type/id`. */
  async get (reference) {
    let reply = await this.ask('GET', reference)
    // Its version is to end: read it in the one that is written from now on.
    if (reply.headers.has('Deprecation')) reply = await this.ask('GET', reference)
    return { body: reply.body, etag: reply.headers.get('ETag') ?? '' }
  }

  /** Return what is found, of all pages; criteria travel in the body, never in an address. */
  async search (kind, criteria) {
    const form = new URLSearchParams(criteria)
    const found = []
    let page = (await this.ask('POST', `${kind}/_search`, { form })).body
    for (;;) {
      found.push(...(page.entry ?? []).map(each => each.resource))
      const link = next(page)
      if (!link) return found
      page = (await this.ask('GET', link)).body
    }
  }

  /** Create a resource once, however often it is sent under this key; return it. */
  async create (kind, body, key) {
    const headers = { 'Idempotency-Key': key }
    return (await this.ask('POST', kind, { body: { resourceType: kind, ...body }, headers })).body
  }

  /**
   * Change a resource on its newest version and return what stands then. When somebody else wrote
   * first, `conflict` is told what stands now and may throw; then the change is made anew on that.
   */
  async update (reference, change, conflict = () => {}) {
    let read = await this.get(reference)
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const body = change(structuredClone(read.body))
      if (isDeepStrictEqual(body, read.body)) return body
      try {
        return (await this.ask('PUT', reference, { body, headers: { 'If-Match': read.etag } })).body
      } catch (error) {
        if (error.status !== 412) throw error
      }
      read = await this.get(reference)
      if (!isDeepStrictEqual(change(structuredClone(read.body)), read.body)) conflict(read.body)
    }
    throw new Unanswered('Others kept writing the same resource.')
  }

  /** Return what an operation answers. */
  async operation (path, parameter) {
    const body = { resourceType: 'Parameters', parameter }
    const headers = { 'Idempotency-Key': randomUUID() }
    return (await this.ask('POST', path, { body, headers })).body
  }

  /** Return [entries, cursor] of the feed since a cursor, which is the hub's link as it was. */
  async changes (cursor, kinds) {
    const found = []
    let link = cursor || `$changes?_type=${kinds.join(',')}&wait=1`
    for (;;) {
      const page = (await this.ask('GET', link)).body
      const entries = page.entry ?? []
      link = next(page) ?? link
      if (entries.length === 0) return [found, link]
      found.push(...entries)
    }
  }

  /** Return { status, headers, body } of a request below the base, or of a link. */
  async ask (method, path, how = {}) {
    let reply = await this.#sent(method, path, how)
    if (reply.status === 401) {
      this.#until = 0
      reply = await this.#sent(method, path, how)
    }
    if (reply.headers.has('Deprecation')) this.#known = null
    if (reply.ok) return reply
    throw new Refused(reply.status, reply.body.issue)
  }

  async #sent (method, path, { body, form, headers = {} }) {
    const { url, profiles } = await this.#capability()
    const isLink = path.startsWith(`${url}/`)
    const kind = /^\/?([A-Z]\w*)/.exec(isLink ? path.slice(url.length) : path)?.[1]
    if (kind && !profiles.has(kind)) throw new Unanswered(`This hub does not offer ${kind}.`)
    const versions = kind ? profiles.get(kind) : [...profiles.values()].join(' ')
    const type = `${FHIR}; profile="${versions}"`
    const sent = { Accept: type, ...headers, Authorization: `Bearer ${await this.#bearer()}` }
    // What was read says itself in which version it is; metadata may have moved on since.
    if (body) sent['Content-Type'] = `${FHIR}; profile="${body.meta?.profile?.[0] ?? versions}"`
    const content = body ? JSON.stringify(body) : form
    return patiently(isLink ? path : `${url}/${path}`, { method, headers: sent, body: content })
  }

  /** Return what the hub says of itself; it is read first, and anew when a version is to end. */
  async #capability () {
    if (this.#known) return this.#known
    const reply = await patiently(`${this.#base}/metadata`, { headers: { Accept: FHIR } })
    if (!reply.ok) throw new Refused(reply.status)
    const [rest] = reply.body.rest
    const oauth = rest.security.extension.find(each => each.url === OAUTH_URIS)
    this.#known = {
      url: reply.body.implementation.url,
      token: oauth.extension.find(each => each.url === 'token').valueUri,
      // AuditEvent is FHIR's own; only what the hub publishes has versions to name.
      profiles: new Map(rest.resource.filter(each => each.profile?.includes('/schemas/'))
        .map(each => [each.type, each.profile.replace(/[|/](?=\d[^|/]*$)/, '|')]))
    }
    return this.#known
  }

  async #bearer () {
    if (Date.now() > this.#until - SPARE_MS) {
      const { token } = await this.#capability()
      const headers = { Authorization: this.#basic }
      const body = new URLSearchParams({ grant_type: 'client_credentials' })
      const reply = await patiently(token, { method: 'POST', headers, body })
      if (!reply.ok) throw new Refused(reply.status)
      this.#token = reply.body.access_token
      this.#until = Date.now() + 1000 * reply.body.expires_in
    }
    return this.#token
  }
}

/**
 * Send a request until it is answered. A busy hub says how long to wait; after a lost answer the
 * same is sent again, which the hub does once (Idempotency-Key, If-Match).
 */
async function patiently (url, { headers, ...rest }) {
  const named = { 'User-Agent': PRODUCT, ...headers }
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    let pause = Math.min(0.5 * 2 ** (attempt - 1), 8)
    try {
      const signal = AbortSignal.timeout(ANSWER_MS)
      const reply = await fetch(url, { ...rest, headers: named, signal })
      const text = await reply.text()
      if (![429, 503].includes(reply.status)) {
        return { status: reply.status, ok: reply.ok, headers: reply.headers, body: parsed(text) }
      }
      pause = Number(reply.headers.get('Retry-After')) || 1
    } catch (error) {
      if (!['TypeError', 'TimeoutError', 'AbortError'].includes(error.name)) throw error
    }
    if (attempt < TRIES) await sleep(1000 * (pause + Math.random() / 4))
  }
  throw new Unanswered(`The hub was asked ${TRIES} times and did not answer.`)
}

function parsed (text) {
  try {
    return JSON.parse(text || '{}')
  } catch {
    return {}
  }
}

function next (page) {
  return page.link?.find(each => each.relation === 'next')?.url
}
