// People: one record for each, found before it is made, changed without losing what others wrote.
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { NeedsPerson } from './hub.mjs'

const PROFILE = 'ParticipantProfile'
/** Whose system this is; its installation says so. */
export const US = 'Partner/mdes-mississippi-works'
const to = reference => ({ reference })

export async function register (product, { person }) {
  const { memory } = product
  // The key is kept with what waits, so that a record is made once however often staff try.
  const waiting = `waiting:${person.key}`
  if (!isDeepStrictEqual(memory[waiting]?.person, person)) {
    memory[waiting] = { person, key: randomUUID() }
    product.keep()
  }
  const found = await matches(product, person)
  const certain = found.filter(each => each.search.extension[0].valueCode === 'certain')
  if (certain.length !== 1 && found.length > 0) {
    throw new NeedsPerson(`${found.length} records may be this person's.`)
  }
  const id = certain.length === 1 ? certain[0].resource.id : (await created(product, person)).id
  return linked(product, person.key, `${PROFILE}/${id}`)
}

async function matches ({ hub }, person) {
  const asked = [{ name: 'resource', resource: profileOf(person) }]
  return (await hub.operation(`${PROFILE}/$match`, asked)).entry ?? []
}

async function created ({ hub, memory }, person) {
  const mine = { status: 'active', partnerIdentifiers: [numberOf(person.key)] }
  try {
    const { key } = memory[`waiting:${person.key}`]
    return await hub.create(PROFILE, { ...profileOf(person), ...mine }, key)
  } catch (error) {
    if (error.status !== 422) throw error
    throw new NeedsPerson(`The record must be corrected: ${error.message}`)
  }
}

/** Let the hub know under which number this system knows the person. */
async function linked ({ hub, memory }, key, reference) {
  await hub.update(reference, body => {
    const numbers = body.partnerIdentifiers ?? []
    if (numbers.some(each => each.partner.reference === US)) return body
    return { ...body, partnerIdentifiers: [...numbers, numberOf(key)] }
  })
  memory[key] = reference
  delete memory[`waiting:${key}`]
  return `Registered as ${reference}`
}

function profileOf ({ key, phone, ...told }) {
  const telecom = phone && [{ system: 'phone', value: phone, preferred: true }]
  return { resourceType: PROFILE, ...told, ...(telecom && { telecom }) }
}

function numberOf (key) {
  return { partner: to(US), value: `CN-${key}` }
}

/** Return the person's living record: records of one person may have been merged. */
export async function known (product, person) {
  const { hub, memory } = product
  if (!memory[person.key]) await register(product, { person })
  let { body } = await hub.get(memory[person.key])
  while (body.status === 'merged') ({ body } = await hub.get(body.mergedInto.reference))
  memory[person.key] = `${PROFILE}/${body.id}`
  return memory[person.key]
}

/** Enter values; when somebody else changed the same elements meanwhile, a person decides. */
export async function update (product, { person, values }) {
  let first
  const change = body => ({ ...(first ??= body, body), ...values })
  const reference = await known(product, person)
  await product.hub.update(reference, change, theirs => {
    const both = Object.keys(values).filter(name => !isDeepStrictEqual(theirs[name], first[name]))
    if (both.length > 0) throw new NeedsPerson(`Another agency changed ${both.join(', ')} too.`)
  })
  return `Changed ${reference}`
}

export async function resolve (product, { person, question, values, choose }) {
  if (question === 'conflict') {
    await product.hub.update(await known(product, person), body => ({ ...body, ...values }))
    return 'Entered what staff decided'
  }
  const waiting = product.memory[`waiting:${person.key}`]?.person
  if (!waiting) throw new NeedsPerson('Nothing of this person waits for a decision.')
  if (question === 'refused') return register(product, { person: { ...waiting, ...values } })
  const chosen = (await matches(product, waiting)).find(each =>
    each.resource.telecom?.some(one => one.value === choose.phone))
  if (!chosen) throw new NeedsPerson('Nobody of those has that telephone number.')
  const reference = `${PROFILE}/${chosen.resource.id}`
  const said = await linked(product, person.key, reference)
  if (values) await product.hub.update(reference, body => ({ ...body, ...values }))
  return said
}
