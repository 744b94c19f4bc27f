// Rules of the frames of hixie-75 and hixie-76, and of their heads where they are fixed to the byte. Part of the
// catalogue.
import type { FaultInfo } from './catalogue.ts'

const tolerated = 'None: the receiver reports it and goes on.'

export const sentinelFaults = {
  'head.fixed-bytes': {
    severity: 'violation',
    says: 'The first three lines of the response are not the ones that are fixed.',
    consequence: 'The client drops the connection and never reports it open.',
    remedy:
      'Begin with "HTTP/1.1 101 Web Socket Protocol Handshake", "Upgrade: WebSocket" and "Connection: Upgrade", in this order: 85 bytes with their line ends, compared one by one.',
    cite: { 'hixie-75': 'hixie-75 §4.1' },
  },
  'head.fixed-lines': {
    severity: 'warning',
    says: 'A line of the request that is fixed to the byte is written in another way.',
    consequence: 'None: the server compares what the line says. One that trusts in cookies should compare the bytes.',
    remedy:
      'End the first line in "HTTP/1.1", and write "Upgrade: WebSocket" and "Connection: Upgrade", with these capitals and one space behind the colon.',
    cite: { 'hixie-75': 'hixie-75 §4.1, §5.2' },
  },
  'head.order': {
    severity: 'warning',
    says: 'A field is not where the draft puts it.',
    consequence: tolerated,
    remedy:
      'Send Upgrade, Connection, Host, Origin and WebSocket-Protocol in this order, and in a response Upgrade, Connection, WebSocket-Origin and WebSocket-Location.',
    cite: { 'hixie-75': 'hixie-75 §4.1, §5.2' },
  },
  'frame.type': {
    severity: 'violation',
    says: 'The frame has a type that means nothing to a server.',
    consequence: 'The server ends the connection, which the draft leaves to it; it might stop reading instead.',
    remedy: 'Send text between a 00 and an FF byte, and in hixie-76 FF 00 to close.',
    cite: { 'hixie-75': 'hixie-75 §5.3', 'hixie-76': 'hixie-76 §5.3' },
  },
  'frame.type-discarded': {
    severity: 'warning',
    says: 'The frame has a type that means nothing.',
    consequence: 'The client throws its data away, reports an error to the application and reads on.',
    remedy: 'Send text between a 00 and an FF byte, and FF 00 to close. An FF frame that carries data is no close.',
    cite: { 'hixie-76': 'hixie-76 §4.2' },
  },
  'frame.length-limit': {
    severity: 'violation',
    says: 'The length is longer than anybody can skip.',
    consequence: 'The receiver ends the connection: it cannot find where the next frame begins.',
    remedy:
      'Send no frames with a length. The draft sets no limit to one, and lets a receiver refuse what it cannot skip.',
    cite: { 'hixie-75': 'hixie-75 §4.2, §5.3', 'hixie-76': 'hixie-76 §4.2, §5.3' },
  },
  'utf8.undefined': {
    severity: 'violation',
    says: 'Text is not UTF-8 from this byte on, and the draft leaves open what a server does about it.',
    consequence: 'The server ends the connection. Anything would be allowed; closing is the safe choice.',
    remedy: 'Encode text as UTF-8.',
    cite: { 'hixie-75': 'hixie-75 §5.4', 'hixie-76': 'hixie-76 §5.4' },
  },
} as const satisfies Record<string, FaultInfo>
