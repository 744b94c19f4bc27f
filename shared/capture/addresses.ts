// Socket addresses as people write them, and as the bytes an IP header carries. A host that is only a name gets an
// address kept for examples: the name itself is in the log's `open` record.
import type { Address } from './record.ts'

/** `127.0.0.1:4502`, `[::1]:4502`. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** True when `host` is written as an IPv6 address, perhaps with a zone. */
export function isIpv6(host: string): boolean {
  return parseIpv6(withoutZone(host)) !== null
}

/** The 4 or 16 bytes of `host`; an IPv4 address among IPv6 ones is mapped (RFC 4291 §2.5.5.2). */
export function encodeAddress(host: string, v6: boolean): Uint8Array {
  const parsed = (v6 ? parseIpv6(withoutZone(host)) : null) ?? parseIpv4(host) ?? exampleAddress(host)
  if (!v6 || parsed.length === 16) return Uint8Array.from(parsed)
  return Uint8Array.from([...new Array<number>(10).fill(0), 0xff, 0xff, ...parsed])
}

function withoutZone(host: string): string {
  return host.replace(/%.*$/, '')
}

function parseIpv4(host: string): number[] | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return null
  const bytes = host.split('.').map(Number)
  return bytes.every((byte) => byte < 256) ? bytes : null
}

/** RFC 4291 §2.2: eight groups, one run of zero groups as `::`, the last two groups perhaps as an IPv4 address. */
function parseIpv6(host: string): number[] | null {
  if (!host.includes(':')) return null
  const [head, tail, more] = host.split('::').map((part) => (part === '' ? [] : part.split(':')).flatMap(groupBytes))
  if (!head || more || [...head, ...(tail ?? [])].includes(-1)) return null
  const missing = 16 - head.length - (tail?.length ?? 0)
  if (tail ? missing < 2 : missing !== 0) return null
  return [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])]
}

function groupBytes(group: string): number[] {
  if (group.includes('.')) return parseIpv4(group) ?? [-1]
  if (!/^[0-9a-f]{1,4}$/i.test(group)) return [-1]
  const value = Number.parseInt(group, 16)
  return [value >>> 8, value & 0xff]
}

/** RFC 5737: 192.0.2.0/24 belongs to nobody. The same name always gets the same address. */
function exampleAddress(name: string): number[] {
  const hash = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 251, 7)
  return [192, 0, 2, hash + 1]
}

/** What a client of a tap is pointed at: a URL with the path of the upstream's, or the address where that has no URL. */
export function tapUrl(listening: Address, upstream: string): string {
  if (upstream.startsWith('tcp:')) return formatAddress(listening)
  const path = /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(upstream)?.[1] ?? ''
  return `ws://${formatAddress(listening)}${path.startsWith('/') ? path : `/${path}`}`
}
