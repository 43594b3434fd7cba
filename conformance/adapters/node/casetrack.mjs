#!/usr/bin/env node
// CaseTrack in Node, plain: speaks WCP/1 on stdin and stdout, one JSON object a line.
//     node casetrack.mjs [--memory FILE] [--settings FILE]
// It keeps its records in --memory, or in the file that WCF_MEMORY names. Its own settings are
// CASETRACK_HUB, CASETRACK_CLIENT and CASETRACK_SECRET, or { base, clientId, clientSecret } in the
// file of --settings, at once when that is written; else what `configure` says (practice only).
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { Hub, NeedsPerson } from './hub.mjs'
import { steps } from './steps.mjs'

const text = { type: 'string' }
const { values: given } = parseArgs({ options: { memory: text, settings: text } })
const FILE = given.memory ?? process.env.WCF_MEMORY ?? ''
const { CASETRACK_HUB, CASETRACK_CLIENT = '', CASETRACK_SECRET = '' } = process.env
const product = {
  hub: null,
  memory: FILE && existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {},
  /** Keep the records, also before a request whose answer may be lost with this process. */
  keep () {
    if (!FILE) return
    writeFileSync(`${FILE}.new`, JSON.stringify(product.memory), { mode: 0o600 })
    renameSync(`${FILE}.new`, FILE)
  }
}
let settingsOf // when the file of settings was written that was read last
if (CASETRACK_HUB) open(CASETRACK_HUB, CASETRACK_CLIENT, CASETRACK_SECRET)
look()

const commands = {
  hello: () => ({
    protocol: 1,
    product: { name: 'CaseTrackNode', version: '1.0' },
    profile: 'both',
    notifications: 'pull',
    steps: Object.keys(steps).sort()
  }),
  configure: message => {
    look() // what the file said before is known
    open(message.base_url, ...credential(message))
    return { status: 'done' }
  },
  step: async ({ id, step, data = {}, again = false }) => {
    look()
    const { last } = product.memory
    if (again && last?.id === id) return last.answer
    const act = steps[step]
    if (!act) return { status: 'unsupported', detail: `CaseTrackNode does not do ${step}.` }
    if (!product.hub) return { status: 'error', detail: 'Nobody told where the hub is.' }
    try {
      return remembered(id, await act(product, data))
    } catch (error) {
      if (error instanceof NeedsPerson) return remembered(id, error.message)
      return { status: 'error', detail: error.message }
    } finally {
      product.keep()
    }
  },
  observe: ({ key }) => ({ value: product.memory[key] ?? null }),
  reset: () => {
    const { hub } = product.memory
    product.memory = { ...(hub && { hub }) }
    return { status: 'done' }
  },
  bye: () => ({ status: 'done' })
}

/** Work with a hub; what is known of another one's records is forgotten. */
function open (base, client, secret) {
  const { hub = base } = product.memory
  if (hub !== base) product.memory = {}
  product.memory.hub = base
  product.hub = new Hub(base, client, secret)
}

/** Take what the file of settings says, when it was written since it was read last. */
function look () {
  const written = given.settings && statSync(given.settings, { throwIfNoEntry: false })?.mtimeMs
  if (!written || written === settingsOf) return
  const told = parsed(readFileSync(given.settings, 'utf8'))
  if (!told?.base) return // it is being written: the next step looks again
  settingsOf = written
  open(told.base, told.clientId, told.clientSecret)
}

/** Return the answer to a step that was done; nobody who did not hear it has it done twice. */
function remembered (id, detail) {
  const answer = { status: 'done', detail }
  product.memory.last = { id, answer }
  return answer
}

/** Return [client id, secret], given in the command or in a variable that holds `id:secret`. */
function credential ({ credential_ref: named = '', client_id: client, client_secret: secret }) {
  if (!named.startsWith('env:')) return [client, secret]
  const pair = process.env[named.slice('env:'.length)] ?? ''
  const [, id, rest] = /^([^:]*):?(.*)$/s.exec(pair)
  return [id, rest]
}

async function answer (message) {
  const act = Object.hasOwn(commands, message?.cmd ?? '') && commands[message.cmd]
  const said = act ? await act(message) : { status: 'error', detail: 'No command of WCP/1.' }
  return message?.id === undefined ? said : { id: message.id, ...said }
}

function parsed (line) {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue
  const message = parsed(line)
  console.log(JSON.stringify(await answer(message)))
  if (message?.cmd === 'bye') break
}
