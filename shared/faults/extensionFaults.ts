// Rules of extensions: how compression is agreed on, and the compressed data. Part of the catalogue.
import type { FaultInfo } from './catalogue.ts'

const declined = 'The server declines that offer and looks at the next one; the connection goes on.'
const clientDrops = 'The client drops the connection and never reports it open.'
const connectionFails = 'The receiver sends a close frame, ends the connection and reads nothing more.'

export const extensionFaults = {
  'extension.offer-unknown': {
    severity: 'warning',
    says: 'An offer of permessage-deflate has a parameter that the extension does not have.',
    consequence: declined,
    remedy:
      'Offer server_no_context_takeover, client_no_context_takeover, server_max_window_bits, client_max_window_bits.',
    cite: { 'hybi-08': 'RFC 7692 §7.1', rfc6455: 'RFC 7692 §7.1' },
  },
  'extension.offer-repeated': {
    severity: 'warning',
    says: 'An offer of permessage-deflate has the same parameter twice.',
    consequence: declined,
    remedy: 'Give each parameter once in an offer. Alternatives are offers of their own, the one liked best first.',
    cite: { 'hybi-08': 'RFC 7692 §7.1', rfc6455: 'RFC 7692 §7.1' },
  },
  'extension.offer-value': {
    severity: 'warning',
    says: 'A parameter of an offer of permessage-deflate has a value it cannot have.',
    consequence: declined,
    remedy:
      'Give window bits as 8 to 15 without a leading zero, and the no_context_takeover parameters without a value.',
    cite: { 'hybi-08': 'RFC 7692 §7.1.1, §7.1.2', rfc6455: 'RFC 7692 §7.1.1, §7.1.2' },
  },
  'extension.answer-unknown': {
    severity: 'violation',
    says: 'The response gives permessage-deflate a parameter that the extension does not have.',
    consequence: clientDrops,
    remedy: 'Answer with the four parameters of the extension only.',
    cite: { 'hybi-08': 'RFC 7692 §7.1', rfc6455: 'RFC 7692 §7.1' },
  },
  'extension.answer-repeated': {
    severity: 'violation',
    says: 'The response gives permessage-deflate the same parameter twice.',
    consequence: clientDrops,
    remedy: 'Answer with each parameter once.',
    cite: { 'hybi-08': 'RFC 7692 §7.1', rfc6455: 'RFC 7692 §7.1' },
  },
  'extension.answer-value': {
    severity: 'violation',
    says: 'A parameter of permessage-deflate in the response has a value it cannot have.',
    consequence: clientDrops,
    remedy:
      'Answer window bits as 8 to 15 without a leading zero, and the no_context_takeover parameters without a value.',
    cite: { 'hybi-08': 'RFC 7692 §7.1.1, §7.1.2', rfc6455: 'RFC 7692 §7.1.1, §7.1.2' },
  },
  'extension.answer-window': {
    severity: 'violation',
    says: 'The response sets a window that was not offered.',
    consequence: clientDrops,
    remedy:
      'Repeat server_max_window_bits with the same or a smaller number when it was offered; set client_max_window_bits only when it was.',
    cite: { 'hybi-08': 'RFC 7692 §7.1.2.1, §7.1.2.2', rfc6455: 'RFC 7692 §7.1.2.1, §7.1.2.2' },
  },
  'extension.answer-takeover': {
    severity: 'violation',
    says: 'The client asked for server_no_context_takeover and the response does not agree to it.',
    consequence: clientDrops,
    remedy: 'Repeat server_no_context_takeover, or decline the offer.',
    cite: { 'hybi-08': 'RFC 7692 §7.1.1.1', rfc6455: 'RFC 7692 §7.1.1.1' },
  },
  'extension.answer-twice': {
    severity: 'violation',
    says: 'The response agrees to two extensions that both use RSV1.',
    consequence: clientDrops,
    remedy: 'Agree to one compression extension: a bit can mean one thing only.',
    cite: { 'hybi-08': 'RFC 7692 §6', rfc6455: 'RFC 7692 §6' },
  },
  'deflate.data': {
    severity: 'violation',
    says: 'The compressed data cannot be inflated.',
    consequence: connectionFails,
    remedy: 'Send raw DEFLATE data, and refer back only to bytes that the receiver still has.',
    cite: { 'hybi-08': 'RFC 7692 §7.2.2', rfc6455: 'RFC 7692 §7.2.2' },
    closeCode: 1007,
  },
  'deflate.window': {
    severity: 'violation',
    says: 'The compressed data refers back farther than the window that was agreed.',
    consequence: connectionFails,
    remedy: 'Deflate with a window no larger than the handshake allows this sender.',
    cite: { 'hybi-08': 'RFC 7692 §7.1.2', rfc6455: 'RFC 7692 §7.1.2' },
    closeCode: 1007,
  },
  'deflate.cut-off': {
    severity: 'violation',
    says: 'The compressed data ends inside a DEFLATE block.',
    consequence: connectionFails,
    remedy: 'Flush to an empty stored block, and leave out its last four bytes, 00 00 FF FF, and nothing else.',
    cite: { 'hybi-08': 'RFC 7692 §7.2.1', rfc6455: 'RFC 7692 §7.2.1' },
    closeCode: 1007,
  },
} as const satisfies Record<string, FaultInfo>
