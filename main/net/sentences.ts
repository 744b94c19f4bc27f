// What the operating system says about sockets, as one plain sentence: what is wrong, where, what to do.
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Address } from '../../shared/capture/record.ts'

/** Why a listener did not start. */
export function listenProblem(error: unknown, address: Address): string {
  const at = formatAddress(address)
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${address.port} on ${address.host} is in use by another program; stop it or choose another port.`
    case 'EACCES':
    case 'EPERM':
      return `Listening on ${at} is not permitted; choose a port above 1023.`
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${address.host} to listen on; use one of its own, such as 127.0.0.1.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no host called ${address.host}; check the name.`
    default:
      return `Cannot listen on ${at}: ${messageOf(error)}.`
  }
}

/** Why a connection was not made. */
export function dialProblem(error: unknown, address: Address): string {
  const at = formatAddress(address)
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return `Nothing listens on ${at}; start the server there or check the address.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no host called ${address.host}; check the name.`
    case 'ECONNRESET':
      return `${at} broke the connection off at once; check that a WebSocket server listens there.`
    case 'ETIMEDOUT':
      return `${at} did not answer in time; check the address and the network.`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${at} cannot be reached from here; check the address and the network.`
    default:
      return `Cannot connect to ${at}: ${messageOf(error)}.`
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}

/** Happy-eyeballs failures come as an AggregateError without a message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

/** Only this machine reaches it. */
export function isLoopback({ host }: Address): boolean {
  return /^(::ffff:)?127\.|^::1$|^localhost$/.test(host)
}
