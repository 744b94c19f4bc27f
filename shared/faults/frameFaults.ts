// Rules of frames, messages, closing and the end of the stream. Part of the catalogue.
import type { FaultInfo } from './catalogue.ts'
import { draftFraming, draftMasking, drafts, someDrafts } from './drafts.ts'

const connectionFails =
  'The receiver sends a close frame where the dialect has them, ends the connection and reads nothing more.'
const unclean = 'The receiver reports that the connection did not close cleanly.'

const ignoredOnce =
  'One implementer notes that hybi-08 told receivers to ignore what they do not know; failing, the rule of hybi-09 and the drafts behind it, is taken.'
const mayBeClear =
  'A frame of a client that is not masked shows as noise, so in one of these places: nothing in it says whether it is masked.'
const mayBeUnmasked = { 'hybi-04': mayBeClear, 'hybi-05': mayBeClear, 'hybi-06': mayBeClear }
const shortControl =
  'No rule before hybi-14 asks for the shortest form; a control frame never needs another, so it is held against one.'
const latePolicy = 'Only hybi-15 spells out that a client fails the connection for it.'
const replaceNote = 'That drafts before hybi-10 replace rests on the note of one implementer.'
const controlDoubt = 'The text of hybi-03 was not available for this rule: it is read as in the drafts behind it.'

export const frameFaults = {
  'frame.reserved-bits': {
    severity: 'violation',
    says: 'A reserved bit is set and no extension gives it a meaning.',
    consequence: connectionFails,
    remedy: 'Send reserved bits as 0 unless an extension that uses them was agreed on.',
    cite: { 'hybi-03': 'hybi-03 §4.2', 'hello-00': 'hybi-03 §4.2', ...draftFraming(), rfc6455: 'RFC 6455 §5.2' },
    doubts: { ...mayBeUnmasked, 'hybi-08': ignoredOnce },
    closeCode: 1002,
  },
  'frame.opcode': {
    severity: 'violation',
    says: 'The opcode is reserved.',
    consequence: connectionFails,
    remedy: 'Use an opcode that the dialect defines.',
    cite: { 'hybi-03': 'hybi-03 §4.2', 'hello-00': 'hybi-03 §4.2', ...draftFraming(), rfc6455: 'RFC 6455 §5.2' },
    doubts: { ...mayBeUnmasked, 'hybi-08': ignoredOnce },
    closeCode: 1002,
  },
  'frame.length-form': {
    severity: 'violation',
    says: 'The length is not written in the shortest form.',
    consequence: connectionFails,
    remedy: 'Write lengths to 125 in the second byte, to 65535 in 16 bits more, and only longer ones in 64.',
    cite: { ...someDrafts('§4.5', 'hybi-07', 'hybi-08'), rfc6455: 'RFC 6455 §5.2' },
    doubts: {
      'hybi-07': shortControl,
      'hybi-08': shortControl,
      rfc6455: 'It is a duty of senders: a receiver may fail, as here, or let it pass, as widely used ones do.',
    },
    closeCode: 1002,
  },
  'frame.length-range': {
    severity: 'violation',
    says: 'The top bit of the 64-bit length is set.',
    consequence: connectionFails,
    remedy: 'Keep the top bit 0: lengths have 63 bits.',
    cite: { 'hybi-03': 'hybi-03 §4.2', 'hello-00': 'hybi-03 §4.2', ...draftFraming(), rfc6455: 'RFC 6455 §5.2' },
    doubts: { rfc6455: 'No section says which code it is closed with: 1002 is taken here, and 1009 is seen too.' },
    closeCode: 1002,
  },
  'mask.missing': {
    severity: 'violation',
    says: 'A frame from the client is not masked.',
    consequence: connectionFails,
    remedy: 'Set MASK, send a fresh random key after the length, and XOR the payload with it.',
    cite: { ...someDrafts('§4.3', 'hybi-07', 'hybi-08'), rfc6455: 'RFC 6455 §5.1' },
    closeCode: 1002,
  },
  'mask.unexpected': {
    severity: 'violation',
    says: 'A frame from the server is masked.',
    consequence: connectionFails,
    remedy: 'Send frames from the server in clear.',
    cite: { ...someDrafts('§4.3', 'hybi-07', 'hybi-08'), rfc6455: 'RFC 6455 §5.1' },
    doubts: { 'hybi-07': latePolicy, 'hybi-08': latePolicy },
    closeCode: 1002,
  },
  'mask.repeated': {
    severity: 'warning',
    says: 'A frame is masked with a key that was used just before.',
    consequence:
      'The receiver unmasks the frame as it would any other: it cannot know how keys are chosen. Said once a connection.',
    remedy: 'Take four new bytes from a source of strong randomness for every frame, control frames too.',
    cite: { ...draftMasking(), rfc6455: 'RFC 6455 §5.3' },
    doubts: {
      'hybi-04': 'In hybi-04 these bytes are the nonce of the frame, from which the mask is made.',
      rfc6455: 'Four random bytes are those of one of the two frames before once in 2,147,483,648 frames.',
    },
  },
  'mask.counted': {
    severity: 'warning',
    says: 'The masking keys of three frames are equally far apart, as if counted.',
    consequence:
      'The receiver unmasks the frame as it would any other: it cannot know how keys are chosen. Said once a connection.',
    remedy:
      'Take four new bytes from a source of strong randomness for every frame. Who can tell the next key can write a payload that looks on the wire as he wants it to.',
    cite: { ...draftMasking(), rfc6455: 'RFC 6455 §5.3, §10.3' },
    doubts: {
      'hybi-04': 'In hybi-04 these bytes are the nonce of the frame, from which the mask is made.',
      rfc6455: 'Three random keys are equally far apart once in 4,294,967,296 frames.',
    },
  },
  'control.fragmented': {
    severity: 'violation',
    says: 'A control frame is fragmented.',
    consequence: connectionFails,
    remedy: 'Send control frames whole, with FIN set or MORE clear.',
    cite: { 'hybi-03': 'hybi-03 §4.4', 'hello-00': 'hybi-03 §4.4', ...drafts('§4.5'), rfc6455: 'RFC 6455 §5.5' },
    doubts: { 'hybi-03': controlDoubt, 'hello-00': controlDoubt },
    closeCode: 1002,
  },
  'control.too-long': {
    severity: 'violation',
    says: 'A control frame carries more than 125 bytes.',
    consequence: connectionFails,
    remedy: 'Keep the payload of control frames to 125 bytes.',
    cite: { 'hybi-03': 'hybi-03 §4.4', 'hello-00': 'hybi-03 §4.4', ...drafts('§4.5'), rfc6455: 'RFC 6455 §5.5' },
    doubts: { 'hybi-03': controlDoubt, 'hello-00': controlDoubt },
    closeCode: 1002,
  },
  'message.continuation': {
    severity: 'violation',
    says: 'A continuation frame has nothing to continue.',
    consequence: connectionFails,
    remedy: 'Begin a message with a text or binary frame; continue it only while its last fragment is outstanding.',
    cite: { 'hybi-03': 'hybi-03 §4.3', 'hello-00': 'hello-00 §9', ...drafts('§4.4'), rfc6455: 'RFC 6455 §5.4' },
    closeCode: 1002,
  },
  'message.interleaved': {
    severity: 'violation',
    says: 'A new message begins inside one that is not finished.',
    consequence: connectionFails,
    remedy: 'Finish a fragmented message before the next: only control frames may come between its fragments.',
    cite: { 'hybi-03': 'hybi-03 §4.3', 'hello-00': 'hello-00 §9', ...drafts('§4.4'), rfc6455: 'RFC 6455 §5.4' },
    closeCode: 1002,
  },
  'message.too-big': {
    severity: 'violation',
    says: 'The message is longer than the receiver takes.',
    consequence: connectionFails,
    remedy: 'Send shorter messages, or raise the limit of the receiver: no text sets one.',
    cite: {
      'hixie-75': 'hixie-75 §4.2, §5.3',
      'hixie-76': 'hixie-76 §4.2, §5.3',
      'hybi-03': 'hybi-03 §4.2',
      'hello-00': 'hybi-03 §4.2',
      ...draftFraming(),
      rfc6455: 'RFC 6455 §10.4',
    },
    closeCode: 1009,
  },
  'utf8.invalid': {
    severity: 'violation',
    says: 'Text is not UTF-8 from this byte on.',
    consequence: connectionFails,
    remedy: 'Encode text and close reasons as UTF-8; send anything else as binary.',
    cite: { ...someDrafts('§6', 'hybi-08'), rfc6455: 'RFC 6455 §8.1' },
    closeCode: 1007,
  },
  'utf8.replaced': {
    severity: 'warning',
    says: 'Text is not UTF-8 from this byte on.',
    consequence: 'The receiver puts U+FFFD in place of each bad sequence and delivers the message.',
    remedy: 'Encode text as UTF-8; send anything else as binary.',
    cite: {
      'hixie-75': 'hixie-75 §4.3',
      'hixie-76': 'hixie-76 §4.3',
      'hybi-03': 'hybi-03 §4.5',
      'hello-00': 'hybi-03 §4.5',
      ...someDrafts('§6', 'hybi-04', 'hybi-05', 'hybi-06', 'hybi-07'),
    },
    doubts: {
      'hybi-03': replaceNote,
      'hello-00': replaceNote,
      ...{ 'hybi-04': replaceNote, 'hybi-05': replaceNote, 'hybi-06': replaceNote, 'hybi-07': replaceNote },
    },
  },
  'close.length': {
    severity: 'violation',
    says: 'The close frame carries one byte, half a code.',
    consequence: connectionFails,
    remedy: 'Leave the body empty, or begin it with a two-byte code.',
    cite: { ...someDrafts('§4.5.1', 'hybi-06', 'hybi-07', 'hybi-08'), rfc6455: 'RFC 6455 §5.5.1' },
    closeCode: 1002,
  },
  'close.code': {
    severity: 'violation',
    says: 'The close code may not be sent.',
    consequence: connectionFails,
    remedy: 'Use a code that the dialect defines and lets be sent, or one from 3000 to 4999.',
    cite: { ...someDrafts('§7.4', 'hybi-06', 'hybi-07', 'hybi-08'), rfc6455: 'RFC 6455 §7.4' },
    closeCode: 1002,
  },
  'close.initiator': {
    severity: 'violation',
    says: 'The close frame does not begin with the letter of the one who began to close.',
    consequence: connectionFails,
    remedy: 'Begin the body with C where the client began to close, with S where the server did.',
    cite: someDrafts('§4.5.1', 'hybi-05'),
    doubts: {
      'hybi-05': 'Two libraries agree on the letters; that a wrong one fails the connection is a reading of ours.',
    },
  },
  'close.data-after': {
    severity: 'warning',
    says: 'A data frame follows a close frame.',
    consequence: 'The receiver discards it, and all data after it.',
    remedy: 'Send no data after a close frame.',
    cite: {
      'hixie-76': 'hixie-76 §6',
      'hybi-03': 'hybi-03 §4.4',
      'hello-00': 'hybi-03 §4.4',
      ...drafts('§4.5.1'),
      rfc6455: 'RFC 6455 §5.5.1',
    },
  },
  'end.no-close': {
    severity: 'warning',
    says: 'The stream ended without a close frame.',
    consequence: unclean,
    remedy: 'Send a close frame and wait for the answer before ending the stream.',
    cite: {
      'hixie-76': 'hixie-76 §6',
      'hybi-03': 'hybi-03 §4.4',
      'hello-00': 'hybi-03 §4.4',
      ...drafts('§7.1'),
      rfc6455: 'RFC 6455 §7.1.5',
    },
  },
  'end.in-frame': {
    severity: 'warning',
    says: 'The stream ended inside a frame.',
    consequence: unclean,
    remedy: 'Send every frame whole, and a close frame last.',
    cite: {
      'hixie-75': 'hixie-75 §6',
      'hixie-76': 'hixie-76 §6',
      'hybi-03': 'hybi-03 §4.4',
      'hello-00': 'hybi-03 §4.4',
      ...drafts('§7.1'),
      rfc6455: 'RFC 6455 §7.1.5',
    },
  },
} as const satisfies Record<string, FaultInfo>
