#!/usr/bin/env node
// CaseTrack in Node, plain: speaks WCP/1 on stdin and stdout, one JSON object a line.
//     node casetrack.mjs [--memory FILE], or the file that WCF_MEMORY names
// Its own settings are CASETRACK_HUB, CASETRACK_CLIENT and CASETRACK_SECRET; without them it takes
// what `configure` says (practice only).
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Hub, NeedsPerson } from './hub.mjs'
import { steps } from './steps.mjs'

const FILE = process.argv[2] === '--memory' ? process.argv[3] : process.env.WCF_MEMORY ?? ''
const { CASETRACK_HUB, CASETRACK_CLIENT = '', CASETRACK_SECRET = '' } = process.env
const product = {
  hub: CASETRACK_HUB && new Hub(CASETRACK_HUB, CASETRACK_CLIENT, CASETRACK_SECRET),
  memory: FILE && existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {},
  /** Keep the records, also before a request whose answer may be lost with this process. */
  keep () {
    if (!FILE) return
    writeFileSync(`${FILE}.new`, JSON.stringify(product.memory), { mode: 0o600 })
    renameSync(`${FILE}.new`, FILE)
  }
}

const commands = {
  hello: () => ({
    protocol: 1,
    product: { name: 'CaseTrackNode', version: '1.0' },
    profile: 'both',
    notifications: 'pull',
    steps: Object.keys(steps).sort()
  }),
  configure: message => {
    product.hub = new Hub(message.base_url, ...credential(message))
    return { status: 'done' }
  },
  step: async ({ id, step, data = {}, again = false }) => {
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
    product.memory = {}
    return { status: 'done' }
  },
  bye: () => ({ status: 'done' })
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
