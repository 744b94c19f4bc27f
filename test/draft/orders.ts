// What the obedient server can be told to do, in the query of its URL. Without a head order first it accepts as it should.

export type Order =
  /** The response head, with fields changed, or left out where null; `status` is the status line's. */
  | readonly ['head', Readonly<Record<string, string | null>>]
  /** Bytes as Latin-1. */
  | readonly ['raw', string]
  | readonly ['hex', string]
  | readonly ['text', string]
  | readonly ['binary', readonly number[]]
  /** A frame of so many x. */
  | readonly ['large', 1 | 2, number]
  /** A message of so many x, deflated. */
  | readonly ['deflated', 1 | 2, number]
  /** A text of such bytes, deflated. */
  | readonly ['deflatedHex', string]
  | readonly ['close', number?, string?]
  /** Ends TCP. */
  | readonly ['drop']
  | readonly ['reset']
  /** Reads no more, and answers nothing. */
  | readonly ['stall']
  | readonly ['echo']
  /** Answers no close. */
  | readonly ['mute']
  /** Until so many frames have come. */
  | readonly ['await', number]
  /** Sends what came, as JSON. What was deflated is marked with a z. */
  | readonly ['report']
  /** Sends the extensions that were offered. */
  | readonly ['offered']
