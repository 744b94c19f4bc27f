// The theme as the style sheets find it: an attribute of the page.
import { useEffect } from 'react'
import { type Theme, useTheme } from '../state/theme.ts'

/** Where the tokens look for it. */
export function putTheme(theme: Theme): void {
  document.documentElement.setAttribute('data-theme', theme)
}

export function useThemeOnPage(): void {
  const theme = useTheme()
  useEffect(() => putTheme(theme), [theme])
}
