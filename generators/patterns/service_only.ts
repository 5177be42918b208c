import { definePattern } from './define-pattern.ts'

/** No client at all. `service_role` bypasses row level security, so a policy for it would be dead text; it needs the grant. */
export const serviceOnly = definePattern({
  id: 'service_only',
  title: 'Service only',
  decides: (audience) => audience === 'service' || audience === 'nobody',
  roles: () => [],
  conditions: () => ['false'],
  says: (audience) => (audience === 'nobody' ? 'nobody' : 'the service only'),
})
