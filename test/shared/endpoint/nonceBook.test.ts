import { describe, expect, it } from 'vitest'
import { createNonceBook, mostNonces, readOnly } from '../../../shared/endpoint/nonceBook.ts'

describe('a book of nonces', () => {
  it('tells which other connection had a nonce, the latest one', () => {
    const book = createNonceBook()
    expect(book.had('a', 1)).toBeNull()
    book.note('a', 1)
    expect(book.had('a', 1)).toBeNull()
    expect(book.had('a', 2)).toBe(1)
    book.note('a', 2)
    expect(book.had('a', 3)).toBe(2)
  })

  it('forgets the oldest when it is full, and never takes one that is too long to be any', () => {
    const book = createNonceBook()
    for (let count = 0; count <= mostNonces; count += 1) book.note(`${count}`, count)
    expect(book.had('0', -1)).toBeNull()
    expect(book.had('1', -1)).toBe(1)
    book.note('x'.repeat(81), 1)
    expect(book.had('x'.repeat(81), 2)).toBeNull()
    expect(book.had('1', -1)).toBe(1)
  })

  it('that is only read stays as it is', () => {
    const book = createNonceBook()
    book.note('a', 1)
    const copy = readOnly(book)
    copy.note('b', 1)
    expect([copy.had('a', 2), copy.had('b', 2), book.had('b', 2)]).toEqual([1, null, null])
  })
})
