// The package entry `wirestep/service`: the server programming model. docs/services.md tells how it is used.

export type { DialectId } from '../../shared/dialects/dialect.ts'
export type { Message } from '../../shared/endpoint/types.ts'
export type { Result } from '../../shared/ipc/result.ts'
export type { Abilities } from './abilities.ts'
export { type HostOptions, hostService, type ServiceHost } from './hostService.ts'
export {
  type Callbacks,
  type Closing,
  type Data,
  defineService,
  type Host,
  type Service,
  type Session,
} from './service.ts'
