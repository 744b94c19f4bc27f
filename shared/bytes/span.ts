// Where things are on a lane. Every value that came off the wire carries one of these.

/** A half-open range of lane offsets, in bytes: `start` is in, `end` is out. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Bytes [start, end) of `bytes`: indices there, not lane offsets. What is looked at a million times needs no view of its own. */
export interface Slice {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** A run of bits inside one byte, most significant bit first: bit 0 is 0x80. `to` is out. */
export interface BitRange {
  readonly from: number
  readonly to: number
}

export function spanLength(span: Span): number {
  return span.end - span.start
}

export function spanContains(span: Span, offset: number): boolean {
  return offset >= span.start && offset < span.end
}
