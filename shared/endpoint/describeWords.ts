// The prose of the explain panel: what a unit is, what it is for, what its receiver does next. For someone who learns
// the protocol: one thought a sentence, no hedging.
import { type Lane, receiverOf, senderOf } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect, FrameTopic, LengthPrefixedDialect, OpcodeName, Topic } from '../dialects/dialect.ts'

export interface Words {
  readonly title: string
  readonly says: string
  readonly cite: string
  /** What the receiver does when it has all of the unit. */
  readonly next: string
}

export function requestWords({ handshake, cites }: Dialect): Words {
  const base = { title: 'Opening request', cite: together(cites.request, cites.clientSteps) }
  switch (handshake.challenge) {
    case 'none':
      return {
        ...base,
        says: 'The client asks to change to WebSocket. Three fixed lines come first. Nothing in it has to be understood to be answered.',
        next: 'The server answers with fixed lines of its own, its origin and its location. It may do so without having read a byte.',
      }
    case 'keyNumbers':
      return {
        ...base,
        says: 'The client asks to change to WebSocket, and hides a number in each of two keys. Eight random bytes follow the empty line.',
        next: 'The server reads both numbers. If a key has no space, or its digits are no multiple of its spaces, it closes the connection. If all is right it answers 101, and waits for the 8 bytes to make its proof.',
      }
    case 'hello':
      return {
        ...base,
        says: 'The client asks in plain HTTP to change to WebSocket, and sends a nonce that the server has to prove it read.',
        next: 'The server waits for the empty line. If every field is right it answers 101 and sends its Hello at once. If not, it closes the connection.',
      }
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return {
        ...base,
        says: 'The client asks in plain HTTP to change to WebSocket, and sends a random key that the server has to hash.',
        next: 'The server waits for the empty line. If every field is right it answers 101 with the hash of the key. If not, it answers with an HTTP error.',
      }
    default:
      return unreachable(handshake.challenge)
  }
}

/** Some texts have both in one section. */
function together(first: string, second: string): string {
  return first === second ? first : `${first}, ${second}`
}

/** `upgrades`: the status is 101. */
export function responseWords({ handshake, cites }: Dialect, upgrades: boolean): Words {
  if (!upgrades) {
    return {
      title: 'Refusal',
      says: 'The server answers in plain HTTP: it does not change to WebSocket.',
      cite: cites.response,
      next: 'The client reports that the connection failed. No frame will follow.',
    }
  }
  const base = { title: 'Opening response', cite: together(cites.response, cites.serverSteps) }
  switch (handshake.challenge) {
    case 'none':
      return {
        ...base,
        says: 'The server agrees to change the protocol. Anything that can be made to send these lines could have sent them.',
        next: 'The client compares the first 85 bytes one by one, then origin and location. If they are right the connection is open, and frames follow. If not, it drops the connection.',
      }
    case 'keyNumbers':
      return {
        ...base,
        says: 'The server agrees to change the protocol. It has proved nothing yet: the 16 bytes behind the empty line do that.',
        next: 'The client checks every field, then waits for the 16 bytes. It reports nothing to the application before that.',
      }
    case 'hello':
      return {
        ...base,
        says: 'The server agrees to change the protocol. It has proved nothing yet: its Hello frame does that.',
        next: 'The client checks every field, then waits for the server’s Hello. It reports nothing to the application before that.',
      }
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return {
        ...base,
        says: 'The server agrees to change the protocol, and proves with the hash that it read the client’s key.',
        next: 'The client checks every field. If the hash is right the connection is open, and frames follow. If not, it drops the connection.',
      }
    default:
      return unreachable(handshake.challenge)
  }
}

export function challengeWords({ cites }: Dialect, lane: Lane): Words {
  switch (lane) {
    case 'clientToServer':
      return {
        title: 'Third key',
        says: 'Eight random bytes that no header announces. They were meant to show up proxies that take the connection for plain HTTP: these hold them back.',
        cite: together(cites.challenge, cites.clientSteps),
        next: 'The server hashes them together with the numbers of both keys, and sends the 16 bytes that come out. Then the connection is open for it.',
      }
    case 'serverToClient':
      return {
        title: 'Proof',
        says: 'The MD5 of both numbers and the 8 bytes: the server has read them, so it speaks this protocol.',
        cite: together(cites.challenge, cites.serverSteps),
        next: 'The client waits for all 16 bytes and compares them. If they are right the connection is open. If not, it drops the connection and never reports it open.',
      }
    default:
      return unreachable(lane)
  }
}

export const junkWords: Words = {
  title: 'Bytes without structure',
  says: 'Here no rule says where a frame begins: these bytes begin no HTTP head, or they follow a refusal, a head without end, or a frame that cannot be measured.',
  cite: '',
  next: 'The receiver does not read them as frames.',
}

/** For a frame whose first byte of header is not there; `masked`: some of the key in front of it is. */
export function awaitedFrameWords({ cites }: Dialect, masked: boolean): Words {
  return {
    title: 'Frame',
    says: masked
      ? 'It begins with the key that masks the rest, header included. The byte behind the key tells what the frame is.'
      : 'None of its bytes is here. The first one tells what the frame is.',
    cite: cites.framing,
    next: 'The receiver waits.',
  }
}

export interface FrameFacts {
  readonly dialect: LengthPrefixedDialect
  readonly lane: Lane
  /** Undefined when the opcode is reserved. */
  readonly name: OpcodeName | undefined
  readonly opcode: number
  readonly final: boolean
}

export function frameWords(facts: FrameFacts): Words {
  const { dialect, name, opcode } = facts
  if (!name) {
    return {
      title: `Frame with reserved opcode 0x${opcode.toString(16).toUpperCase()}`,
      says: `${dialect.name} gives this opcode no meaning.`,
      cite: citeFor(dialect, name),
      next: `The ${receiverOf(facts.lane)} fails the connection.`,
    }
  }
  return { title: titleOf(name), ...sentences(facts, name), cite: citeFor(dialect, name) }
}

const topics: Readonly<Record<OpcodeName, Topic | FrameTopic>> = {
  continuation: 'fragmentation',
  text: 'text',
  binary: 'binary',
  close: 'close',
  ping: 'ping',
  pong: 'pong',
  hello: 'hello',
}

/** The section on frames of that name; undefined stands for a reserved opcode. */
export function citeFor({ cites }: LengthPrefixedDialect, name: OpcodeName | undefined): string {
  return cites[name ? topics[name] : 'opcode']
}

function titleOf(name: OpcodeName): string {
  return `${name[0]!.toUpperCase()}${name.slice(1)} frame`
}

type Sentences = Pick<Words, 'says' | 'next'>

function sentences(facts: FrameFacts, name: OpcodeName): Sentences {
  const sender = senderOf(facts.lane)
  const receiver = receiverOf(facts.lane)
  switch (name) {
    case 'hello':
      return helloSentences(facts.lane)
    case 'text':
      return {
        says: facts.final
          ? 'A whole message of text, in UTF-8.'
          : 'The first fragment of a text message, in UTF-8. More fragments follow.',
        next: `${dataNext(facts)} ${utf8Next(facts.dialect, facts.lane)}`,
      }
    case 'binary':
      return {
        says: facts.final
          ? 'A whole message of bytes that only the application understands.'
          : 'The first fragment of a binary message. More fragments follow.',
        next: dataNext(facts),
      }
    case 'continuation':
      return {
        says: facts.final ? 'The last fragment of a message.' : 'A fragment from the middle of a message. More follow.',
        next: dataNext(facts),
      }
    case 'ping':
      return {
        says: `The ${sender} asks whether the ${receiver} is still there.`,
        next: `The ${receiver} answers with a pong that carries the same bytes.`,
      }
    case 'pong':
      return {
        says: `The ${sender} says that it is still there. A pong repeats the bytes of the ping it answers.`,
        next: `The ${receiver} takes note. A pong is never answered.`,
      }
    case 'close':
      return closeSentences(facts)
    default:
      return unreachable(name)
  }
}

function helloSentences(lane: Lane): Sentences {
  switch (lane) {
    case 'serverToClient':
      return {
        says: 'The server proves that it read the client’s nonce, and asks the client to prove the same.',
        next: 'The client waits for all 26 bytes. If the digest is wrong it drops the connection and never reports it open. If it is right it sends its own Hello.',
      }
    case 'clientToServer':
      return {
        says: 'The client proves that it read the server’s nonce. Now each side knows that the other speaks this protocol.',
        next: 'The server waits for all 18 bytes. If the digest is wrong it drops the connection. If it is right it acts on what the client sends from now on.',
      }
    default:
      return unreachable(lane)
  }
}

function dataNext({ lane, final }: FrameFacts): string {
  const receiver = receiverOf(lane)
  return final
    ? `The ${receiver} hands the message to its application.`
    : `The ${receiver} keeps the fragment and waits for the rest of the message.`
}

export function utf8Next({ invalidUtf8 }: Dialect, lane: Lane): string {
  const rule = invalidUtf8[receiverOf(lane)]
  switch (rule) {
    case 'replace':
      return 'Bytes that are not UTF-8 become U+FFFD.'
    case 'fail':
      return 'Bytes that are not UTF-8 end the connection with code 1007.'
    case 'undefined':
      return 'What becomes of bytes that are not UTF-8 the draft leaves open: this server ends the connection, the safe choice.'
    default:
      return unreachable(rule)
  }
}

function closeSentences({ dialect, lane }: FrameFacts): Sentences {
  const receiver = receiverOf(lane)
  const says = `The ${senderOf(lane)} ends the conversation: it sends no more data after this.`
  switch (dialect.closeBody) {
    case 'initiatorLetter':
      return {
        says: `${says} The first byte names who began: C for the client, S for the server.`,
        next: `If the ${receiver} began, this is taken as the answer to it. If not, it answers with the same body: no source says so outright. Then the connection ends.`,
      }
    case 'none':
    case 'emptyFrame':
      return {
        says,
        next: `The ${receiver} answers with an empty close frame unless it has sent one. Then the connection ends.`,
      }
    case 'opaqueEchoed':
      return {
        says,
        next: `If the ${receiver} has sent a close frame with the same body, this one acknowledges it. If not, it answers with the same body. Then the connection ends.`,
      }
    case 'codeAndReason':
      return {
        says,
        next: `The ${receiver} answers with a close frame unless it has sent one. Then the server ends the TCP connection.`,
      }
    default:
      return unreachable(dialect.closeBody)
  }
}
