// The terminal writes its rules into <style> elements, which a strict style-src forbids. Constructed style sheets are
// allowed, so while it opens it is handed elements that keep their rules in one. So the policy needs no exception.

/** An element that keeps its text as a style sheet of the page. Taking it away takes the sheet away. */
function sheetElement(page: Document): HTMLElement {
  const element = Document.prototype.createElement.call(page, 'span')
  const sheet = new CSSStyleSheet()
  element.hidden = true
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet]
  Object.defineProperty(element, 'textContent', { set: (rules: string) => sheet.replaceSync(rules) })
  Object.defineProperty(element, 'remove', {
    value: () => {
      page.adoptedStyleSheets = page.adoptedStyleSheets.filter((one) => one !== sheet)
      Element.prototype.remove.call(element)
    },
  })
  return element
}

/**
 * Does some synchronous work during which `createElement('style')` gives elements that obey the policy. The terminal's
 * own option for another document does not reach all of its parts.
 */
export function withStyleSheets(page: Document, work: () => void): void {
  const createElement = (tag: string) =>
    tag === 'style' ? sheetElement(page) : Document.prototype.createElement.call(page, tag)
  Object.defineProperty(page, 'createElement', { value: createElement, configurable: true })
  try {
    work()
  } finally {
    Reflect.deleteProperty(page, 'createElement')
  }
}
