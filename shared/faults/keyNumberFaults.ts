// Rules of the two keys and the bytes behind the empty lines, hixie-76 to hybi-03. Part of the catalogue.
import type { FaultInfo } from './catalogue.ts'

const serverRefuses = 'The server closes TCP without an answer; no WebSocket is opened.'
const clientDrops = 'The client drops the connection and never reports it open.'

const server = { 'hixie-76': 'hixie-76 §5.2', 'hybi-03': 'hybi-03 §5.2.2' } as const

export const keyNumberFaults = {
  'head.keys-missing': {
    severity: 'violation',
    says: 'The request has not both of Sec-WebSocket-Key1 and Sec-WebSocket-Key2.',
    consequence: serverRefuses,
    remedy: 'Add both, each with a number hidden among spaces and other characters.',
    cite: server,
  },
  'head.key-spaces': {
    severity: 'violation',
    says: 'A key has no space, so there is nothing to divide its number by.',
    consequence: serverRefuses,
    remedy:
      'Put 1 to 12 spaces (U+0020, no tabs) inside the key. The draft calls a key without one the symptom of a cross-protocol attack.',
    cite: server,
  },
  'head.key-digits': {
    severity: 'violation',
    says: 'A key has no digits, so it has no number.',
    consequence: serverRefuses,
    remedy:
      'Hide a decimal number in the key. No draft says what a key without one means: refusing it is the reading taken here.',
    cite: server,
  },
  'head.key-multiple': {
    severity: 'violation',
    says: "A key's number is no multiple of its spaces.",
    consequence: serverRefuses,
    remedy: 'Multiply a number by the spaces, write the product into the key, and put in that many spaces.',
    cite: server,
  },
  'head.key-range': {
    severity: 'violation',
    says: "A key's number divided by its spaces does not fit 32 bits.",
    consequence: serverRefuses,
    remedy:
      'Choose a number of at most 4294967295 divided by the spaces. No draft says what a bigger one means: refusing it is the reading taken here.',
    cite: server,
  },
  'head.key-form': {
    severity: 'warning',
    says: 'A key is not made as the steps of a client make keys.',
    consequence: 'None: the server reads the number and goes on.',
    remedy:
      'Write the product without padding, put 1 to 12 other characters among its digits, and then 1 to 12 spaces, none at either end.',
    cite: { 'hixie-76': 'hixie-76 §4.1', 'hybi-03': 'hybi-03 §5.1' },
  },
  'challenge.proof': {
    severity: 'violation',
    says: 'The 16 bytes do not prove that the server read the keys.',
    consequence: clientDrops,
    remedy:
      "Hash 16 bytes with MD5: each key's number divided by its spaces, in 32 bits with the most significant byte first, then the 8 bytes behind the request.",
    cite: { 'hixie-76': 'hixie-76 §4.1', 'hybi-03': 'hybi-03 §5.1' },
  },
  'challenge.cut-off': {
    severity: 'violation',
    says: 'The stream ended before the bytes behind the head were whole.',
    consequence: 'The opening handshake fails: the connection ends and is never reported open.',
    remedy:
      'Send 8 bytes behind a request and 16 behind a response. Proxies were seen to hold back the 8 until they saw an answer.',
    cite: { 'hixie-76': 'hixie-76 §4.1, §5.2', 'hybi-03': 'hybi-03 §5.1, §5.2.2' },
  },
} as const satisfies Record<string, FaultInfo>
