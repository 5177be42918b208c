import { definePattern } from './define-pattern.ts'

/** Everyone, with or without a token. The grant to `anon` is what makes it public; the policy has no condition. */
export const publicRead = definePattern({
  id: 'public_read',
  title: 'Public read',
  decides: (audience) => audience === 'anyone',
  roles: () => ['anon', 'authenticated'],
  conditions: () => [],
  says: () => 'anyone',
})
