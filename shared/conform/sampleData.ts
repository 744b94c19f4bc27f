// Data to compress: five kinds, each made anew by a rule, so that everybody who runs a case sends the same bytes.
import { seededRandom } from '../bytes/random.ts'
import { encodeUtf8 } from '../bytes/utf8.ts'

export interface SampleData {
  readonly says: string
  readonly type: 'text' | 'binary'
  /** The bytes that the messages are cut from, over and over; text in ASCII, so that any cut is text. */
  bytes(): Uint8Array
}

const size = 256 * 1024
const nouns = 'frame wire mask byte peer draft nonce close lane gate proxy token header stream hello record'.split(' ')

/** Random numbers below `most`, at most 256. */
function picker(seed: number): (most: number) => number {
  const random = seededRandom(seed)
  return (most) => random(1)[0]! % most
}

function textOf(seed: number, piece: (pick: (most: number) => number, index: number) => string): Uint8Array {
  const pick = picker(seed)
  let text = ''
  for (let index = 0; text.length < size; index++) text += piece(pick, index)
  return encodeUtf8(text.slice(0, size))
}

function words(pick: (most: number) => number, count: number): string {
  return Array.from({ length: count }, () => nouns[pick(nouns.length)]!).join(' ')
}

const json: SampleData = {
  says: 'JSON',
  type: 'text',
  bytes: () =>
    textOf(
      1,
      (pick, id) => `${JSON.stringify({ id, name: words(pick, 2), size: pick(256) * 97, ok: pick(2) === 1 })},\n`,
    ),
}

/** Grey shades that change little from pixel to pixel. */
const picture: SampleData = {
  says: 'a grey picture of 512 by 512',
  type: 'binary',
  bytes: () => {
    const pick = picker(2)
    return Uint8Array.from({ length: size }, (_, at) => ((at % 512) >> 2) + ((at / 512) >> 3) + pick(4))
  },
}

const prose: SampleData = {
  says: 'sentences',
  type: 'binary',
  bytes: () => textOf(3, (pick) => `The ${words(pick, 1)} of the ${words(pick, 1)} ${words(pick, 3 + pick(5))}. `),
}

const html: SampleData = {
  says: 'HTML',
  type: 'text',
  bytes: () =>
    textOf(4, (pick, id) => `<li class="row ${words(pick, 1)}"><a href="/p/${id}">${words(pick, 4)}</a></li>\n`),
}

const noise: SampleData = { says: 'noise', type: 'binary', bytes: () => seededRandom(5)(size) }

/** In the order of the public list: JSON, a picture, prose, HTML, and what compresses badly. */
export const sampleData: readonly SampleData[] = [json, picture, prose, html, noise]
