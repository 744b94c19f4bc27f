// The two directions of a connection and the two ends of it, named by endpoint.

export type Lane = 'clientToServer' | 'serverToClient'
export type Role = 'client' | 'server'

export const lanes: readonly Lane[] = ['clientToServer', 'serverToClient']
export const roles: readonly Role[] = ['client', 'server']

/** How people write a lane: by who sends on it, or by its full name. */
export const laneWords: Readonly<Record<string, Lane>> = {
  client: 'clientToServer',
  server: 'serverToClient',
  clientToServer: 'clientToServer',
  serverToClient: 'serverToClient',
}

export function senderOf(lane: Lane): Role {
  return lane === 'clientToServer' ? 'client' : 'server'
}

export function receiverOf(lane: Lane): Role {
  return lane === 'clientToServer' ? 'server' : 'client'
}

/** `client → server`. */
export function laneName(lane: Lane): string {
  return `${senderOf(lane)} → ${receiverOf(lane)}`
}

export function laneFrom(role: Role): Lane {
  return role === 'client' ? 'clientToServer' : 'serverToClient'
}

export function laneTo(role: Role): Lane {
  return role === 'client' ? 'serverToClient' : 'clientToServer'
}
