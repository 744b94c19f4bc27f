// Which section of each draft from hybi-04 on has a rule. Part of the catalogue. Version 8 is the version of five drafts;
// its rules are those of hybi-10.

const texts = {
  'hybi-04': 'hybi-04',
  'hybi-05': 'hybi-05',
  'hybi-06': 'hybi-06',
  'hybi-07': 'hybi-07',
  'hybi-08': 'hybi-10',
} as const

type DraftId = keyof typeof texts

/** The drafts that mask whole frames: nothing of a frame is in clear but its key. */
const masksFrame = ['hybi-04', 'hybi-05', 'hybi-06'] as const

/** The drafts that mask payloads only: there is a MASK bit, and headers are in clear. */
const masksPayload = ['hybi-07', 'hybi-08'] as const

function cited(section: string, ids: readonly DraftId[]): Readonly<Record<string, string>> {
  return Object.fromEntries(ids.map((id) => [id, `${texts[id]} ${section}`]))
}

/** A rule that all of them have in the same section. */
export function drafts(section: string): Readonly<Record<string, string>> {
  return cited(section, Object.keys(texts) as readonly DraftId[])
}

/** The section on the layout of frames, which changed places with the one on masking. */
export function draftFraming(): Readonly<Record<string, string>> {
  return { ...cited('§4.3', masksFrame), ...cited('§4.2', masksPayload) }
}

/** The section on masking, which every one of them has. */
export function draftMasking(): Readonly<Record<string, string>> {
  return { ...cited('§4.2', masksFrame), ...cited('§4.3', masksPayload) }
}

/** A rule of some of them. */
export function someDrafts(section: string, ...ids: readonly DraftId[]): Readonly<Record<string, string>> {
  return cited(section, ids)
}
