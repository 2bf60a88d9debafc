/** API keys: secrets with which programs act for a member, a service account or a project. */
export { findKeyActor, markKeyUsed } from './key-actor.store'
