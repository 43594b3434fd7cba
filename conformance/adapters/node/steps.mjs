// The steps of level 1, by the words of the protocol, and what does them.
import { register, resolve, update } from './people.mjs'
import { cancel, close, record, refer, referAgain, respond, withdraw } from './referrals.mjs'
import { sync } from './sync.mjs'

/** Each step gets the product { hub, memory } and its data, and returns what to tell. */
export const steps = {
  'participant.register': register,
  'participant.update': update,
  'participant.resolve': resolve,
  'participant.withdraw-consent': withdraw,
  'isa.record': record,
  'referral.create': (product, data) => refer(product, data),
  'referral.re-refer': referAgain,
  'referral.cancel': cancel,
  'referral.respond': respond,
  'referral.close': close,
  'sync.now': sync
}
