// Which connection a captured TCP segment is of, by the addresses and ports in it as they are on the wire. The same
// table holds both directions.
import type { TcpSegment } from './linkLayers.ts'

export type Side = 'a' | 'b'

export interface ConnectionTable<C> {
  /** The connection of a segment, or null; `side` is then whose segment it is. */
  find(bytes: Uint8Array, segment: TcpSegment): C | null
  /** A field, as it is asked for with every packet. Whose the segment was that was found last. `a` is the end that the connection's first segment came from. */
  readonly side: Side
  /** Puts a connection in the place of what has the segment's addresses and ports; its source is side `a`. */
  set(bytes: Uint8Array, segment: TcpSegment, connection: C): void
}

interface Entry<C> {
  /** Source address, destination address and both ports of its first segment. */
  readonly wire: Uint8Array
  readonly connection: C
}

export function createConnectionTable<C>(): ConnectionTable<C> {
  const entries = new Map<string, Entry<C>>()
  let last: Entry<C> | null = null
  const table: { -readonly [K in keyof ConnectionTable<C>]: ConnectionTable<C>[K] } = {
    side: 'a',
    find(bytes, segment) {
      // Packets of one connection tend to come together: then no key has to be made.
      const known = last && sideIn(last.wire, bytes, segment)
      if (!known) last = entries.get(keyOf(bytes, segment)) ?? null
      if (last === null) return null
      table.side = known ?? sideIn(last.wire, bytes, segment)!
      return last.connection
    },
    set(bytes, segment, connection) {
      last = { wire: wireOf(bytes, segment), connection }
      table.side = 'a'
      entries.set(keyOf(bytes, segment), last)
    },
  }
  return table
}

function wireOf(bytes: Uint8Array, { addresses, addressLength, tcp }: TcpSegment): Uint8Array {
  const wire = new Uint8Array(addressLength * 2 + 4)
  wire.set(bytes.subarray(addresses, addresses + addressLength * 2))
  wire.set(bytes.subarray(tcp, tcp + 4), addressLength * 2)
  return wire
}

/** The same for both directions. */
function keyOf(bytes: Uint8Array, { addresses, addressLength, tcp }: TcpSegment): string {
  const end = (address: number, port: number) =>
    String.fromCharCode(...bytes.subarray(address, address + addressLength), ...bytes.subarray(port, port + 2))
  const [source, destination] = [end(addresses, tcp), end(addresses + addressLength, tcp + 2)]
  return source < destination ? source + destination : destination + source
}

/** Whose segment it is, when it is of the connection. */
function sideIn(wire: Uint8Array, bytes: Uint8Array, segment: TcpSegment): Side | null {
  if (isFromFirst(wire, bytes, segment)) return 'a'
  return isFromSecond(wire, bytes, segment) ? 'b' : null
}

function isFromFirst(wire: Uint8Array, bytes: Uint8Array, { addresses, addressLength, tcp }: TcpSegment): boolean {
  const ports = addressLength * 2
  return wire.length === ports + 4 && agrees(wire, ports, bytes, tcp, 4) && agrees(wire, 0, bytes, addresses, ports)
}

function isFromSecond(wire: Uint8Array, bytes: Uint8Array, { addresses, addressLength, tcp }: TcpSegment): boolean {
  const ports = addressLength * 2
  return (
    wire.length === ports + 4 &&
    agrees(wire, ports, bytes, tcp + 2, 2) &&
    agrees(wire, ports + 2, bytes, tcp, 2) &&
    agrees(wire, 0, bytes, addresses + addressLength, addressLength) &&
    agrees(wire, addressLength, bytes, addresses, addressLength)
  )
}

function agrees(wire: Uint8Array, at: number, bytes: Uint8Array, from: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (wire[at + index] !== bytes[from + index]) return false
  return true
}
