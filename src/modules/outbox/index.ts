/** Outbox: messages that were committed with a change and leave afterwards, at least once. */
export { UndeliverableError } from './outbox.model'
export { measureBacklog } from './outbox.store'
export { type Message, type MessageHandler, OutboxDelivery } from './outbox-delivery'
