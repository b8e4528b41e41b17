import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { watchPage } from './watch-page.ts'

const env = parseEnv(process.env)

/**
 * Looks at the page as a browser would: DNS, certificate, CloudFront, files, and the API behind it. CloudFront has its
 * metrics in us-east-1 only, where no alarm of this region sees them.
 */
export const handler = observed(() => async () => watchPage(env.PAGE_URL, env.PATHS.split(','), fetch))
