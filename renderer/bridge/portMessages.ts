// What a page in a pane and the window around it say to each other. Each judges what the other says: the page may be
// anybody's, and a window of somebody else's may be around it.
import { z } from 'zod'
import { commandNamed, commandsOn } from '../../shared/commands/registry.ts'
import { dialectIds } from '../../shared/dialects/registry.ts'
import type { DraftEvent } from '../../shared/draft/transport.ts'

const theme = z.enum(['dark', 'light'])

/** To the page, with its port, each time it is loaded: where it connects to, what its person is called, its colours. */
export const welcome = z.strictObject({ url: z.url(), dialect: z.enum(dialectIds), name: z.string(), theme })

export type Welcome = Readonly<z.infer<typeof welcome>>

const number = z.int().nonnegative()

const draftEvent: z.ZodType<DraftEvent> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), protocol: z.string(), extensions: z.string() }),
  z.strictObject({ kind: z.literal('message'), data: z.union([z.string(), z.instanceof(Uint8Array)]) }),
  z.strictObject({ kind: z.literal('sent'), size: number }),
  z.strictObject({ kind: z.literal('closing') }),
  z.strictObject({
    ...{ kind: z.literal('close'), clean: z.boolean(), code: number, reason: z.string(), failed: z.boolean() },
    why: z.string().exactOptional(),
  }),
])

const result = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: z.string() }),
])

/** To the page, through its port: answers, what comes of its sockets, and other colours. */
export const toPage = z.union([
  z.strictObject({ push: z.strictObject({ kind: z.literal('draft'), socket: number, event: draftEvent }) }),
  z.strictObject({ id: number, result }),
  z.strictObject({ theme }),
])

export type ToPage = Readonly<z.infer<typeof toPage>>

/** To the window, besides requests: a key was pressed in the page that is the key of a command. */
export const pressed = z.strictObject({
  command: z.enum(commandsOn('window').filter((name) => commandNamed(name).key !== undefined)),
})

export type Pressed = Readonly<z.infer<typeof pressed>>
