// Taking in what others did: the change feed, and lists that are read to their end.
import { Refused } from './hub.mjs'

const PROFILE = 'ParticipantProfile'

/** Read the list when asked to, else what changed since last time; act once on what is new. */
export async function sync (product, data) {
  const { hub, memory } = product
  if (data.source === 'list') {
    const found = await hub.search(PROFILE, { 'address-city': data.complete.city })
    for (const each of found) await complete(product, each, data.complete)
    return `${found.length} people on the list`
  }
  const feed = memory.feed ??= { cursor: '', seen: {} }
  const [entries, cursor] = await changes(hub, feed.cursor)
  const news = newest(entries, feed.seen)
  for (const [id, told] of news) {
    await complete(product, told, data.complete)
    feed.seen[id] = Number(told.meta.versionId)
  }
  feed.cursor = cursor
  return `${news.size} changes`
}

async function changes (hub, cursor) {
  try {
    return await hub.changes(cursor, [PROFILE])
  } catch (error) {
    // The hub no longer keeps what the cursor leads to: all is read once, from the start.
    if (error.status === 410) return hub.changes('', [PROFILE])
    throw error
  }
}

/** The feed may tell a change twice, or an older one later: numbers decide, not the order. */
function newest (entries, seen) {
  const found = new Map()
  for (const { resource } of entries.filter(each => each.resource)) {
    const held = Number(found.get(resource.id)?.meta.versionId ?? seen[resource.id] ?? 0)
    if (Number(resource.meta.versionId) > held) found.set(resource.id, resource)
  }
  return found
}

/** Enter the postal code of a town for somebody who lives there. */
async function complete ({ hub }, told, rule) {
  const lives = each => each.city === rule?.city && each.postalCode !== rule.postalCode
  if (!rule || !told.address?.some(lives)) return
  try {
    await hub.update(`${PROFILE}/${told.id}`, body => ({
      ...body,
      ...(body.address && {
        address: body.address.map(each =>
          lives(each) ? { ...each, postalCode: rule.postalCode } : each)
      })
    }))
  } catch (error) {
    // What the agency may no longer see is not for it to act on; the rest of the feed is.
    if (!(error instanceof Refused && [403, 404, 410].includes(error.status))) throw error
  }
}
