// The two directions of a connection and the two ends of it, named by endpoint.

export type Lane = 'clientToServer' | 'serverToClient'
export type Role = 'client' | 'server'

export const lanes: readonly Lane[] = ['clientToServer', 'serverToClient']
export const roles: readonly Role[] = ['client', 'server']

export function senderOf(lane: Lane): Role {
  return lane === 'clientToServer' ? 'client' : 'server'
}

export function receiverOf(lane: Lane): Role {
  return lane === 'clientToServer' ? 'server' : 'client'
}

export function laneFrom(role: Role): Lane {
  return role === 'client' ? 'clientToServer' : 'serverToClient'
}

export function laneTo(role: Role): Lane {
  return role === 'client' ? 'serverToClient' : 'clientToServer'
}
