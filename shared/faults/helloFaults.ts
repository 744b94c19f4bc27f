// Rules of the Hello frames. Part of the catalogue.
import type { FaultInfo } from './catalogue.ts'

const helloFails = 'The receiver drops the connection at once and never reports it open.'

export const helloFaults = {
  'hello.first-octet': {
    severity: 'violation',
    says: 'The first frame is not a Hello: its first octet is not 8F.',
    consequence: helloFails,
    remedy:
      'Send the Hello before any other frame. Its first octet is compared literally: FIN set, opcode F, nothing else.',
    cite: { 'hello-00': 'hello-00 §12 step 48, §13 step 15' },
  },
  'hello.second-octet': {
    severity: 'violation',
    says: 'The second octet of the Hello is not the length it has to be.',
    consequence: helloFails,
    remedy:
      "Write 18 hex for the server's 24 octets of nonce and digest, 10 hex for the client's digest of 16; no other form.",
    cite: { 'hello-00': 'hello-00 §12, §13' },
  },
  'hello.digest': {
    severity: 'violation',
    says: 'The digest does not prove that the sender read the nonce.',
    consequence: helloFails,
    remedy:
      'Hash 25 octets with MD5: the nonce that was received, "WebSocket", the nonce that was sent. The two sides hash in opposite order.',
    cite: { 'hello-00': 'hello-00 §12, §13' },
  },
  'hello.cut-off': {
    severity: 'violation',
    says: 'The stream ended before the Hello was whole.',
    consequence: helloFails,
    remedy: 'Send all octets of the Hello: 26 from a server, 18 from a client.',
    cite: { 'hello-00': 'hello-00 §12, §13' },
  },
  'hello.late': {
    severity: 'violation',
    says: 'A Hello comes after the opening handshake.',
    consequence: 'The receiver sends a close frame, ends the connection and reads nothing more.',
    remedy: 'Send one Hello in each direction, as the first frame.',
    cite: { 'hello-00': 'hello-00 §10' },
  },
} as const satisfies Record<string, FaultInfo>
