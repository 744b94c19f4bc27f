// The handshakes a test sends: the usual heads, and changes to them.
import { rfc6455 } from '../dialects/rfc6455.ts'
import { acceptValue } from '../handshake/accept.ts'

export type Fields = readonly (readonly [name: string, value: string])[]

/** The fields of a good request. RFC 6455 §4.1. */
export function requestFields(host: string, key: string): Fields {
  const { version, upgradeToken } = rfc6455.handshake
  return [
    ['Host', host],
    ['Upgrade', upgradeToken],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Key', key],
    [version.field, version.value],
  ]
}

/** The fields of a good response to a request with this key. RFC 6455 §4.2.2. */
export function responseFields(key: string): Fields {
  return [
    ['Upgrade', rfc6455.handshake.upgradeToken],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Accept', acceptValue(key)],
  ]
}

export const requestLine = (resource: string) => `GET ${resource} HTTP/1.1`
export const responseLine = 'HTTP/1.1 101 Switching Protocols'

export function without(fields: Fields, name: string): Fields {
  return fields.filter(([each]) => each !== name)
}

export function changed(fields: Fields, name: string, value: string): Fields {
  return fields.map(([each, before]) => [each, each === name ? value : before])
}

export function withField(fields: Fields, name: string, value: string): Fields {
  return [...fields, [name, value]]
}
