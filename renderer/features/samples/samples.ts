// What there is to try: one row a card. A sample starts with one click and says what to watch.
import { attack } from '../../../shared/intermediaries/attack.ts'
import type { ServedSample } from '../../../shared/samples/names.ts'
import type { Session } from '../../state/session.ts'
import { showSurvival } from '../../state/survival.ts'

export interface Sample {
  readonly id: string
  readonly title: string
  readonly says: string
  /** What to look at once it runs. */
  readonly watch: readonly string[]
  start(session: Session): void
}

async function serve(session: Session, name: ServedSample): Promise<void> {
  const shown = session.world.getState().run?.dialect ?? 'hello-00'
  await session.send(`sample ${name} --dialect ${shown}`)
}

/** A lab run, brought on by the lines behind the first. */
async function lab(session: Session, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) if (!(await session.send(line)).ok) return
  session.show({ tab: 'lab' })
}

const hexOf = (text: string) => [...text].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('')

/** In the order of the cards. */
export const samples: readonly Sample[] = [
  {
    id: 'hello',
    title: 'Hello, step by step',
    says: 'The handshake of December 2010: an Upgrade, then a Hello each way with a digest of both nonces.',
    watch: [
      'Press F10 to let the next unit through',
      'The client opens only after the digest is checked',
      'Change a held byte and step: the run forks',
    ],
    start: (session) => void lab(session, 'lab hello-00 --seed 7'),
  },
  {
    id: 'chat',
    title: 'Web chat',
    says: 'One room, two guests and more, each a page of its own. A sample of the 2010 prototype.',
    watch: [
      'Every text as a frame, and what each other guest is told of it',
      'Hold a lane and the room goes quiet for one guest',
      'The same chat in every dialect',
    ],
    start: (session) => void serve(session, 'chat'),
  },
  {
    id: 'quotes',
    title: 'Stock quotes',
    says: 'A server that pushes simulated prices, up to thousands a second. The other sample of 2010.',
    watch: [
      'Frames in one lane only, once the symbols are picked',
      'A slow link: what waits, and what is left out',
      'Prices that go on after a reconnect',
    ],
    start: (session) => void serve(session, 'quotes'),
  },
  {
    id: 'keys',
    title: 'Numbers hidden in keys',
    says: 'hixie-76: two keys full of spaces, eight raw bytes behind the head, sixteen bytes as proof.',
    watch: ['The eight bytes that no HTTP reader expects', 'How the numbers are found: digits divided by spaces'],
    start: (session) => void lab(session, 'lab hixie-76 --seed 7'),
  },
  {
    id: 'mask',
    title: 'Masks and close codes',
    says: 'RFC 6455, what came of it all: an accept key, masked frames and a close that says why.',
    watch: ['Send a text from the client: the key in front of it', 'Close from an end: the code, and its echo'],
    start: (session) => void lab(session, 'lab rfc6455 --seed 7'),
  },
  {
    id: 'proxy',
    title: 'Behind a reverse proxy',
    says: 'hixie-76 behind a proxy that knows Upgrade, and only the bodies that HTTP knows.',
    watch: [
      'Press F10: the eight bytes behind the head do not come out of the proxy',
      'Both ends wait for ever: the step and the reason are said under the ladder',
      'Pick Upgrade+Hello with the same node: its nonce is in a frame, and passes',
    ],
    start: (session) => void lab(session, 'lab hixie-76 --seed 7 --via reverse-proxy'),
  },
  {
    id: 'cache',
    title: 'A cache is poisoned',
    says: 'Why clients mask: a page and its own server talk in bytes that a cache between them takes for HTTP.',
    watch: [
      'The page has “asked” for a script of somebody else’s: press F10 for the answer',
      'The cache keeps it, for everybody who asks for that script',
      'The same with hybi-08 and a cache: a masked GET is none',
    ],
    start: (session) =>
      void lab(
        session,
        'lab hybi-03 --seed 7 --via cache',
        'run',
        `send client hex ${hexOf(attack.request)}`,
        'run',
        `send server hex ${hexOf(attack.response)}`,
      ),
  },
  {
    id: 'survival',
    title: 'What survives in between',
    says: 'Every dialect behind every intermediary, run one after the other: why this draft was written, in one table.',
    watch: [
      'Which dialects a proxy stops, and at which step',
      'Click a cell: that run opens in the lab, at the step where it breaks',
      'Upgrade+Hello notices during its handshake, where others lose their first message',
    ],
    start: showSurvival,
  },
  {
    id: 'prototype',
    title: 'The prototype of 2010',
    says: 'Upgrade+Hello under the five restrictions that the first package had.',
    watch: [
      'Send 126 bytes, or a binary message: the refusal says why',
      'The 2010 button lists all five, and what lifts each',
    ],
    start: (session) => void lab(session, 'lab hello-00 --seed 7 --profile prototype-2010', 'run'),
  },
  {
    id: 'careless',
    title: 'A careless client',
    says: 'It masks every frame with the same key, as many a home-made client did. Who can foresee the key chooses the bytes on the wire.',
    watch: [
      'The second frame of the client is marked: its key is that of the frame before',
      'The server takes it all the same: one stream can only make it suspicious',
      'In the console, lab rfc6455 --flaw no-wait is a client that does not wait for the answer',
    ],
    start: (session) =>
      void lab(
        session,
        'lab rfc6455 --seed 7 --flaw same-mask',
        'run',
        'send client text "hello"',
        'send client text "again"',
        'run',
      ),
  },
  {
    id: 'policy',
    title: 'Silverlight socket policy',
    says: 'What came before every connection of 2010: the runtime asks port 943 for leave, in 22 bytes, and gets XML.',
    watch: [
      'Shift+F11 for single bytes: each part of question and answer is explained, and no WebSocket rule judges it',
      'The policy ends where the stream does: only then does the runtime decide, under the ladder',
      'Change the held ports in the answer, and the decision changes',
    ],
    start: (session) => void lab(session, 'policy'),
  },
  {
    id: 'policy-refused',
    title: 'A policy that says no',
    says: 'The same question, and a policy that grants ports 4510 to 4534 while the application wants 4502.',
    watch: [
      'The answer is a good one: nothing is wrong with any byte of it',
      'The runtime looks for port 4502 in it, and refuses the application',
    ],
    start: (session) => void lab(session, 'policy --grant 4510-4534 --ask 4502'),
  },
  {
    id: 'compare',
    title: 'Dialects side by side',
    says: 'One scenario in several dialects, step for step, and what differs in words.',
    watch: ['What each spends on its handshake', 'Which of them have pings, masks and close codes'],
    start: (session) => session.show({ tab: 'compare' }),
  },
]
