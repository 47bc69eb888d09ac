/** How Mantine's components take on our look: our letters, our colours, our focus ring. Every value is one of tokens.css. */
import { Button, type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** Blue-black, as ink is. */
const ink: MantineColorsTuple = [
  '#eaedfa',
  '#d3d9f4',
  '#a9b8ff',
  '#8fa2f5',
  '#6c80de',
  '#4d62c2',
  '#3a4ea9',
  '#2a3c96',
  '#1f2e78',
  '#1d2a6b',
]

/** Mantine takes its dark surfaces from here: text first, ground last. */
const night: MantineColorsTuple = [
  '#eceef2',
  '#c9cfd9',
  '#a5acb9',
  '#737b89',
  '#3a414d',
  '#2a2f39',
  '#1d2129',
  '#171a20',
  '#12151a',
  '#0f1115',
]

export const theme = createTheme({
  colors: { ink, dark: night },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 2 },
  autoContrast: true,
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-exact)',
  headings: { fontFamily: 'var(--font-text)' },
  defaultRadius: '8px',
  focusRing: 'never',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    // By name, so that what only some pages use is loaded with them.
    TextInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    InputBase: { defaultProps: { size: 'md' } },
    Button: Button.extend({
      vars: (_theme, { variant = 'filled', color }) => ({ root: buttonColours(variant, color) }),
    }),
  },
})

/** A button's colours as names of ours, which change with the mode; computed ones would be those of one mode. */
function buttonColours(variant: string, color: string | undefined) {
  const own = color === 'red' ? 'var(--bad)' : 'var(--key)'
  const paper = color === 'red' ? 'var(--bad-paper)' : 'var(--key-paper)'
  switch (variant) {
    case 'filled':
      return { '--button-bg': own, '--button-hover': 'var(--key-hover)', '--button-color': 'var(--on-key)' }
    case 'light':
      return { '--button-bg': paper, '--button-hover': paper, '--button-color': own }
    case 'subtle':
      return { '--button-bg': 'transparent', '--button-hover': paper, '--button-color': own }
    case 'outline':
      return {
        '--button-bg': 'transparent',
        '--button-hover': paper,
        '--button-color': own,
        '--button-bd': `1px solid ${own}`,
      }
    default:
      return {}
  }
}

const ours = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--soft)',
  '--mantine-color-placeholder': 'var(--soft)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--key)',
  '--mantine-primary-color-filled': 'var(--key)',
  '--mantine-primary-color-filled-hover': 'var(--key-hover)',
  '--mantine-primary-color-contrast': 'var(--on-key)',
  '--mantine-line-height': '1.5',
}

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours })
