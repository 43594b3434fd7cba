// The six questions, consent, and referrals: sent, watched, answered, closed.
import { randomUUID } from 'node:crypto'
import { NeedsPerson, Refused } from './hub.mjs'
import { US, known } from './people.mjs'

const ASSESSMENT = 'ParticipantServiceAssessment'
const NOT_ANSWERED = 'https://hub.wioa.example/extensions/not-answered/'
const ABSENT = { declined: 'asked-declined', unknown: 'asked-unknown' }
const WAITING = ['requested', 'received']
const TAKEN = ['accepted', 'in-progress', 'on-hold']
const to = reference => ({ reference })
const bare = reference => reference.split('/').at(-1)

export async function withdraw (product, { person, on }) {
  const { hub, memory } = product
  const key = `withdrawn:${person.key}`
  if (!memory[key]) {
    const participant = bare(await known(product, person))
    memory[key] = await hub.search('Consent', { participant, status: 'active' })
    product.keep() // from here on the person is not looked at, whatever happens
  }
  for (const { id } of memory[key]) {
    await hub.update(`Consent/${id}`, body => ({ ...body, status: 'withdrawn', withdrawnOn: on }))
  }
  return `${memory[key].length} consents ended`
}

/** Keep the answers, unless another agency has asked already: then take those. */
export async function record (product, data) {
  const { hub, memory } = product
  const key = `isa:${data.person.key}`
  if (memory[key]) {
    await hub.update(memory[key], body => answered(body, data))
    return 'Went on with the assessment'
  }
  const participant = await known(product, data.person)
  const told = await askedElsewhere(product, participant)
  if (told) {
    memory[key] = `${ASSESSMENT}/${told.id}`
    return 'Another agency has asked; its answers are used'
  }
  const body = answered({ participant: to(participant) }, data)
  memory[key] = await createOnce(product, key, ASSESSMENT, body)
  return 'Recorded the answers'
}

async function askedElsewhere ({ hub }, participant) {
  const found = await hub.search(ASSESSMENT, { participant: bare(participant) })
  const done = found.filter(each => ['completed', 'amended'].includes(each.status))
  return done.sort((a, b) => a.completedAt < b.completedAt ? 1 : -1)[0]
}

/** Return the assessment with what the form says; a question without an answer says why. */
function answered (body, { answers, declined, questionnaireVersion, mode }) {
  const said = Object.entries(answers)
  const absent = said.filter(([, answer]) => answer in ABSENT)
  const kept = (body.extension ?? []).filter(each => !each.url.startsWith(NOT_ANSWERED))
  const why = absent.map(([name, answer]) =>
    ({ url: NOT_ANSWERED + name, valueCode: ABSENT[answer] }))
  const { extension, ...rest } = body
  return {
    ...rest,
    questionnaireVersion,
    mode,
    partner: to(US),
    status: absent.length > 0 ? 'in-progress' : 'completed',
    ...(kept.length + why.length > 0 && { extension: [...kept, ...why] }),
    ...Object.fromEntries(said.filter(([, answer]) => !(answer in ABSENT))),
    ...(declined && { proposals: declined.map(proposal => ({ proposal, decision: 'declined' })) })
  }
}

export async function refer (product, data, more = {}) {
  const { memory } = product
  if (memory[`withdrawn:${data.person.key}`]) return 'Not sent: the consent was withdrawn'
  const participant = await known(product, data.person)
  await consented(product, participant, data)
  const body = {
    participant: to(participant),
    origin: 'ad-hoc',
    sourceAgency: to(data.from.agency),
    sourcePartner: to(data.from.partner),
    targetAgency: to(data.to.agency),
    targetPrograms: data.to.programs.map(to),
    targetPartner: to(data.to.partner),
    priority: 'routine',
    authoredOn: now(),
    status: 'requested',
    note: await reasonOf(product, participant, data),
    ...more
  }
  memory[data.referral] = await createOnce(product, `refer:${data.referral}`, 'Referral', body)
  return 'Referred'
}

async function consented (product, participant, { consent, from, to: target }) {
  const { memory } = product
  const kept = `consent:${participant}:${target.agency}`
  if (!consent || memory[kept]) return
  const { on, ...terms } = consent
  memory[kept] = await createOnce(product, kept, 'Consent', {
    participant: to(participant),
    partner: to(from.partner),
    disclosingAgency: to(from.agency),
    recipients: [to(target.agency)],
    ...terms,
    givenBy: 'participant',
    grantedOn: on,
    status: 'active'
  })
}

/** Return the reason of a referral, with what another agency noted when it is to be quoted. */
async function reasonOf (product, participant, { reason, quote }) {
  if (!quote) return reason
  const told = await askedElsewhere(product, participant)
  const noted = (told?.extension ?? []).filter(each => each.url === quote)
  return [reason, ...noted.map(each => each.valueString)].join(' ')
}

export async function referAgain (product, data) {
  const prior = product.memory[data.prior]
  const { status } = (await product.hub.get(prior)).body
  if (status !== 'rejected') return `Not sent: the referral is ${status}`
  return refer(product, data, { priorReferral: to(prior) })
}

export async function cancel (product, { referral, reason }) {
  const end = { status: 'cancelled', statusReason: reason }
  return moved(product, product.memory[referral], [...WAITING, ...TAKEN], end)
}

export async function respond (product, data) {
  const reference = await incoming(product, data)
  if (data.decision === 'accept') return moved(product, reference, WAITING, { status: 'accepted' })
  if (data.decision === 'decline') {
    const rejected = { status: 'rejected', statusReason: data.reason }
    return moved(product, reference, WAITING, rejected)
  }
  const talk = { at: now(), method: data.method, result: 'reached' }
  return moved(product, reference, ['accepted', 'on-hold'], { status: 'in-progress' }, talk)
}

export async function close (product, data) {
  const end = { status: 'closed', outcome: data.outcome }
  if (data.offered) end.offerDate = data.offered
  if (data.missed) end.appointments = [{ start: data.missed, status: 'missed' }]
  return moved(product, await incoming(product, data), TAKEN, end)
}

/** Return the referral to us that has a number of the agency that sent it. */
async function incoming ({ hub, memory }, { referral, identifier, us }) {
  if (!memory[referral]) {
    const number = `${identifier.system}|${identifier.value}`
    const found = await hub.search('Referral', { identifier: number, 'target-agency': us.agency })
    if (found.length === 0) throw new NeedsPerson('No referral has this number.')
    memory[referral] = `Referral/${found[0].id}`
  }
  return memory[referral]
}

/** Move a referral, if it stands where it may be moved from when the hub is asked. */
async function moved ({ hub }, reference, starts, change, talk) {
  const { status } = await hub.update(reference, ({ statusReason, ...body }) => {
    if (!starts.includes(body.status)) return statusReason ? { ...body, statusReason } : body
    const contactAttempts = talk && [...(body.contactAttempts ?? []), talk]
    return { ...body, ...change, ...(talk && { contactAttempts }) }
  })
  return `The referral is ${status}`
}

/**
 * Create what a business act asks for, once, and return its reference. What is sent is kept first,
 * and sent as it was when it is tried again: under one key the hub does one thing.
 */
async function createOnce (product, act, kind, body) {
  const outbox = product.memory.outbox ??= {}
  const sent = outbox[act] ??= { key: randomUUID(), body }
  product.keep()
  try {
    return `${kind}/${(await product.hub.create(kind, sent.body, sent.key)).id}`
  } catch (error) {
    // The corrected one is sent under a key of its own.
    if (error instanceof Refused) delete outbox[act]
    throw error
  }
}

function now () {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}
