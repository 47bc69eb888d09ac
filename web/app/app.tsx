/** Everything around the pages: colours, questions to the API and their answers, addresses. */
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { cssVariables, theme } from '../style/theme.ts'
import { queries } from './queries.ts'
import { router } from './router.tsx'

/** Of this very document; whatever has no such nonce is not applied. */
const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? ''

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={cssVariables}
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
