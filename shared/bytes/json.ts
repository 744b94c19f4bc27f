// A text as the tree of JSON it is, every node with the characters it is written in: numbers stay as written, names that
// come twice stay twice.
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'

export interface JsonTree {
  readonly text: string
  /** Null when nothing of it is JSON. */
  readonly root: Node | null
  readonly nodes: number
  /** Where it stops being JSON, and why; null when all of it is. */
  readonly broken: JsonBreak | null
}

export interface JsonBreak {
  /** Index in the text. */
  readonly at: number
  readonly says: string
}

/** Arrays and objects in one another, at most: whoever reads them goes into each. */
const deepest = 500
/** Nodes that are all shown unfolded at first. */
const fewNodes = 200

/** Whether a text is worth reading as JSON: it begins like an object or an array. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text)
}

/** RFC 8259: no comments, no commas at the end. What comes before a mistake is read, and where that is easy behind it. */
export function readJson(text: string): JsonTree {
  const tooDeep = placeTooDeep(text)
  if (tooDeep >= 0) {
    const says = `arrays and objects are more than ${deepest} deep there`
    return { text, root: null, nodes: 0, broken: { at: tooDeep, says: sentence(text, tooDeep, says) } }
  }
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false }) ?? null
  const first = errors[0]
  const broken = first ? { at: first.offset, says: sentence(text, first.offset, wordsOf(first)) } : null
  return { text, root, nodes: root ? countOf(root) : 0, broken }
}

function placeTooDeep(text: string): number {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"?|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    if (depth > deepest) return index
  }
  return -1
}

function sentence(text: string, at: number, says: string): string {
  const lines = text.slice(0, at).split('\n')
  return `Line ${lines.length}, column ${lines.at(-1)!.length + 1}: ${says}.`
}

/** By the names that the library has for its codes. */
const words: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no word of JSON',
  InvalidNumberFormat: 'this is no number of JSON',
  PropertyNameExpected: 'the name of a member was due, in double quotes',
  ValueExpected: 'a value was due',
  ColonExpected: 'a colon was due',
  CommaExpected: 'a comma was due',
  CloseBraceExpected: 'the object is not closed',
  CloseBracketExpected: 'the array is not closed',
  EndOfFileExpected: 'more follows behind the value',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the string is not closed',
  UnexpectedEndOfNumber: 'the number is cut off',
  InvalidUnicode: 'these are not four hex digits of a character',
  InvalidEscapeCharacter: 'there is no such escape',
  InvalidCharacter: 'this character may not stand there as it is',
}

function wordsOf({ error }: ParseError): string {
  return words[printParseErrorCode(error)] ?? 'this is no JSON'
}

function countOf({ type, children = [] }: Node): number {
  return children.reduce((sum, child) => sum + countOf(child), type === 'property' ? 0 : 1)
}

/** A node that is shown. */
export interface JsonRow {
  /** Of all of it: its name too, where it has one. */
  readonly start: number
  readonly end: number
  readonly depth: number
  /** As written, quotes and all; null at the top. */
  readonly name: string | null
  /** As written; of an array or an object, how much is in it. */
  readonly value: string
  readonly type: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'
  /** Null for what has nothing in it. */
  readonly open: boolean | null
  /** Its place among those beside it, from 1, and how many they are. */
  readonly place: number
  readonly of: number
}

/** What is shown unfolded before anybody says so: all of few nodes, else the top. */
export function opensAtFirst({ nodes }: JsonTree, depth: number): boolean {
  return nodes <= fewNodes || depth === 0
}

/** Characters of a value that are shown in its row. */
const longestValue = 300

/** The rows of a tree, of which `isOpen` says which are unfolded; a node is known by where it starts. */
export function jsonRows(tree: JsonTree, isOpen: (start: number, depth: number) => boolean): readonly JsonRow[] {
  const rows: JsonRow[] = []
  function add(node: Node, depth: number, place: number, of: number): void {
    const [key, value] = node.type === 'property' ? node.children! : [null, node]
    if (!value && !key) return
    const inside = value?.children ?? []
    const open = inside.length > 0 ? isOpen(node.offset, depth) : null
    const name = key ? cut(written(tree, key)) : depth > 0 ? String(place - 1) : null
    rows.push({
      ...{ start: node.offset, end: node.offset + node.length, depth, name, open, place, of },
      ...{ value: value ? valueWords(tree, value) : '', type: (value?.type ?? 'null') as JsonRow['type'] },
    })
    if (open) for (const [index, child] of inside.entries()) add(child, depth + 1, index + 1, inside.length)
  }
  if (tree.root) add(tree.root, 0, 1, 1)
  return rows
}

function written({ text }: JsonTree, { offset, length }: Node): string {
  return text.slice(offset, offset + length)
}

function cut(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}

function valueWords(tree: JsonTree, node: Node): string {
  const count = node.children?.length ?? 0
  if (node.type === 'object') return count === 0 ? '{}' : `{ ${count} ${count === 1 ? 'member' : 'members'} }`
  if (node.type === 'array') return count === 0 ? '[]' : `[ ${count} ${count === 1 ? 'element' : 'elements'} ]`
  return cut(written(tree, node))
}
