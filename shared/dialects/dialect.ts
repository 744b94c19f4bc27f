// One wire protocol, as one complete row. A row shares behaviour with another by naming the same strategy.

export type DialectId = 'hello-00' | 'hybi-04' | 'hybi-05' | 'hybi-06' | 'hybi-07' | 'hybi-08' | 'rfc6455'

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
  | 'opcode'
  | 'length'
  | 'reserved'
  | 'masking'
  | 'fragmentation'
  | 'open'
  | 'control'
  | 'close'
  | 'closing'
  | 'ping'
  | 'pong'
  | 'text'
  | 'binary'
  | 'hello'
  | 'clientSteps'
  | 'serverSteps'

export interface Dialect {
  readonly id: DialectId
  /** As people call it: `Upgrade+Hello`. */
  readonly name: string
  /** The text that defines it, as its own name: `draft-montenegro-hybi-upgrade-hello-handshake-00`. */
  readonly document: string
  /** Short form for citations: `hello-00`, `RFC 6455`. */
  readonly cite: string
  /** ISO date of issue. */
  readonly date: string
  /** One sentence for the picker. */
  readonly says: string
  /**
   * What in the head of a request tells this dialect from the others: a version of its own; a nonce; two keys alone, or
   * with a draft number; or an Upgrade field and nothing else.
   */
  readonly toldBy: 'version' | 'nonce' | 'keys' | 'keysAndDraft' | 'upgradeAlone'
  readonly handshake: {
    /** How each side proves it took part. */
    readonly challenge: 'hello' | 'acceptHash' | 'acceptHashAndNonce'
    /** Header field that names the version, and its value. */
    readonly version: { readonly field: string; readonly value: string }
    /** The names a request may give its origin under, a client's own first; the response's name for it, if it has one. */
    readonly originField: { readonly request: readonly string[]; readonly response: string | null }
    readonly echoesLocation: boolean
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
    readonly subprotocols: 'spaceSeparatedNames' | 'commaSeparatedTokens'
    readonly resource: 'noColonOrSpace' | 'rfc3986'
    /** How a server turns a bad request away. */
    readonly refusal: 'closeTcp' | 'httpError'
  }
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
  readonly opcodes: Readonly<Record<number, OpcodeName>>
  /** Which frames have to write their length in the shortest form. RFC 6455 §5.2: all. */
  readonly shortestLength: 'allFrames' | 'controlFrames' | 'noFrames'
  /** `initiatorLetter`: C or S, for who began to close, and what else there is; echoed as opaque ones are. */
  readonly closeBody: 'opaqueEchoed' | 'initiatorLetter' | 'codeAndReason'
  /** The close codes it defines below 3000; none where close bodies carry none. */
  readonly closeCodes: Readonly<Record<number, CloseMeaning>>
  /** Whether extensions that deflate can be agreed on: RFC 7692 and its forerunners. */
  readonly compression: 'none' | 'deflate'
  /** What a receiver does with text that is not UTF-8. */
  readonly invalidUtf8: 'replace' | 'fail'
  /** The section for each topic, ready to be shown: `RFC 6455 §5.2`. */
  readonly cites: Readonly<Record<Topic, string>>
}
