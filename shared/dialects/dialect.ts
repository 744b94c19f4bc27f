// One wire protocol, as one complete row. A row shares behaviour with another by naming the same strategy.
import type { Role } from '../bytes/lanes.ts'

export type DialectId =
  | 'hixie-75'
  | 'hixie-76'
  | 'hybi-03'
  | 'hello-00'
  | 'hybi-04'
  | 'hybi-05'
  | 'hybi-06'
  | 'hybi-07'
  | 'hybi-08'
  | 'rfc6455'

export type OpcodeName = 'continuation' | 'text' | 'binary' | 'close' | 'ping' | 'pong' | 'hello'

/** What a close code stands for. */
export type CloseMeaning =
  | 'normalEnd'
  | 'goingAway'
  | 'protocolError'
  | 'typeNotAccepted'
  | 'tooBig'
  | 'reserved'
  | 'noCode'
  | 'noCloseFrame'
  | 'badPayload'
  | 'againstPolicy'
  | 'extensionNeeded'
  | 'serverError'
  | 'serviceRestarts'
  | 'tryAgainLater'
  | 'badGateway'
  | 'noTls'

/** What a rule is about. Every row says where its text deals with each. */
export type Topic =
  | 'url'
  | 'request'
  | 'response'
  | 'challenge'
  | 'subprotocol'
  | 'framing'
  | 'length'
  | 'open'
  | 'close'
  | 'closing'
  | 'text'
  | 'clientSteps'
  | 'serverSteps'

/** What only length-prefixed frames have. */
export type FrameTopic =
  | 'opcode'
  | 'reserved'
  | 'masking'
  | 'fragmentation'
  | 'control'
  | 'ping'
  | 'pong'
  | 'binary'
  | 'hello'

/** What an end does with text that is not UTF-8. `undefined`: the text leaves it open, and closing is the safe choice. */
export type InvalidUtf8 = 'replace' | 'fail' | 'undefined'

/** What every row has. */
interface Row {
  readonly id: DialectId
  /** As people call it: `Upgrade+Hello`. */
  readonly name: string
  /** The text that defines it, as its own name: `draft-montenegro-hybi-upgrade-hello-handshake-00`. */
  readonly document: string
  /** Short form for citations: `hello-00`, `RFC 6455`. */
  readonly cite: string
  /** ISO date of issue. */
  readonly date: string
  /** How far the section numbers could be checked against the text; null where they were. */
  readonly sectionsSay: string | null
  /** One sentence for the picker. */
  readonly says: string
  /**
   * What in the head of a request tells this dialect from the others: a version of its own; a nonce; two keys alone, or
   * with a draft number; or an Upgrade field and nothing else.
   */
  readonly toldBy: 'version' | 'nonce' | 'keys' | 'keysAndDraft' | 'upgradeAlone'
  readonly handshake: {
    /**
     * How each side proves it took part. `none`: neither does. `keyNumbers`: numbers hidden in two keys and 8 bytes
     * behind the request's empty line, answered with 16 bytes behind the response's.
     */
    readonly challenge: 'none' | 'keyNumbers' | 'hello' | 'acceptHash' | 'acceptHashAndNonce'
    /** Header field that names the version, the value a client sends, and those a server takes; null: there is none. */
    readonly version: { readonly field: string; readonly value: string; readonly accepted: readonly string[] } | null
    /** The names a request may give its origin under, a client's own first; the response's name for it, if it has one. */
    readonly originField: { readonly request: readonly string[]; readonly response: string | null }
    /** Host and origin in lower case, as the drafts up to hybi-03 have clients write them. */
    readonly hostAndOrigin: 'lowerCase' | 'anyCase'
    /** The response's field that repeats the URL; null: none does. */
    readonly locationField: string | null
    readonly subprotocolField: string
    /** Null: there are no extensions to agree on, and a field of that name means nothing. */
    readonly extensionsField: string | null
    /** The words a server puts after 101. */
    readonly reason: string
    /**
     * `literal`: the first three lines of both heads are fixed, byte by byte, and the fields behind have an order.
     * `randomOrder`: a client shuffles its fields, so that no server counts on an order.
     */
    readonly lines: 'literal' | 'anyOrder' | 'randomOrder'
    readonly upgradeToken: string
    /**
     * `octets`: the drafts' own reader, for which one space after the colon is no part of the value and all other white
     * space is, and a status line has two spaces. `http`: white space around a value means nothing.
     */
    readonly headReader: 'octets' | 'http'
    /**
     * How `Upgrade` and `Connection` are compared: as the whole value, with its capitals in a response; as the whole value
     * in any case; or as a list that has to hold the token.
     */
    readonly upgradeFields: 'wholeValue' | 'wholeToken' | 'tokenList'
    readonly subprotocols: 'oneString' | 'spaceSeparatedStrings' | 'spaceSeparatedNames' | 'commaSeparatedTokens'
    readonly resource: 'printableAscii' | 'noColonOrSpace' | 'rfc3986'
    /** How a server turns a bad request away. */
    readonly refusal: 'closeTcp' | 'httpError'
  }
  /** By number: the opcode of a length-prefixed frame, the type byte of one of the other framing. */
  readonly opcodes: Readonly<Record<number, OpcodeName>>
  /**
   * `none`: there are no close frames, TCP is closed. `emptyFrame`: one that can carry nothing. `initiatorLetter`: C or S,
   * for who began to close, and what else there is; echoed as opaque ones are.
   */
  readonly closeBody: 'none' | 'emptyFrame' | 'opaqueEchoed' | 'initiatorLetter' | 'codeAndReason'
  /** The close codes it defines below 3000; none where close bodies carry none. */
  readonly closeCodes: Readonly<Record<number, CloseMeaning>>
  /** Whether extensions that deflate can be agreed on: RFC 7692 and its forerunners. */
  readonly compression: 'none' | 'deflate'
  readonly invalidUtf8: Readonly<Record<Role, InvalidUtf8>>
  /** The section for each topic, ready to be shown: `RFC 6455 §5.2`. */
  readonly cites: Readonly<Record<Topic, string>>
}

/** Frames with a header of bits and a length. */
interface LengthPrefixed {
  readonly framing: 'lengthPrefixed'
  /** What bit 0 of a frame means when it is 1. */
  readonly firstBit: 'fin' | 'more'
  /** What the top bit of the second byte is. */
  readonly secondByteTopBit: 'rsv4' | 'mask'
  /**
   * What clients mask: nothing; payloads; or whole frames, with the four bytes in front of each (`clientFrame`), or with
   * a hash of these and a key that both heads make (`clientFrameHashed`).
   */
  readonly masking: 'none' | 'clientPayload' | 'clientFrame' | 'clientFrameHashed'
  /** Which frames have to write their length in the shortest form. RFC 6455 §5.2: all. */
  readonly shortestLength: 'allFrames' | 'controlFrames' | 'noFrames'
  readonly cites: Readonly<Record<Topic | FrameTopic, string>>
}

/** A type byte, then text up to an FF byte, or bytes counted in base 128. There is nothing to fragment, ping or mask. */
interface Sentinel {
  readonly framing: 'sentinel'
  /** What a client does with frames of types that have no meaning. A server may disconnect, and ours does. */
  readonly otherTypes: 'discarded' | 'discardedWithError'
}

export type LengthPrefixedDialect = Row & LengthPrefixed
export type SentinelDialect = Row & Sentinel
export type Dialect = LengthPrefixedDialect | SentinelDialect
