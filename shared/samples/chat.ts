// What is said in the web chat: JSON texts both ways, judged on arrival by both ends, since somebody may sit at the gate.
// Names and texts are data: whoever shows them shows them as text.
import * as z from 'zod'

const name = z.string().trim().min(1).max(40)
const text = z.string().min(1).max(2000)

/** What a client sends. */
export const chatRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('join'), name }),
  z.strictObject({ type: z.literal('say'), text }),
  z.strictObject({ type: z.literal('typing'), typing: z.boolean() }),
])

export type ChatRequest = z.infer<typeof chatRequest>

/** `time`: milliseconds since the Unix epoch. */
const said = z.strictObject({ from: name, text, time: z.number() })

export type Said = Readonly<z.infer<typeof said>>

/** What the room sends. */
export const chatEvent = z.discriminatedUnion('type', [
  /** The answer to `join`: who is here, and the last things said, the oldest first. */
  z.strictObject({ type: z.literal('welcome'), people: z.array(name).readonly(), history: z.array(said).readonly() }),
  z.strictObject({ type: z.enum(['joined', 'left']), name }),
  z.strictObject({ type: z.literal('said'), ...said.shape }),
  z.strictObject({ type: z.literal('typing'), name, typing: z.boolean() }),
  /** What the client sent was not done, and why, in one sentence. */
  z.strictObject({ type: z.literal('refused'), why: z.string() }),
])

export type ChatEvent = Readonly<z.infer<typeof chatEvent>>
