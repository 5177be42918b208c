/** Schemas that Supabase or Postgres own: nobody's design adds tables there. */
const owned = new Set(
  `
    auth storage extensions realtime _realtime vault graphql graphql_public pgsodium pgsodium_masks supabase_functions
    supabase_migrations pgbouncer net cron pgmq pgtap _analytics information_schema pg_catalog pg_toast
  `.trim().split(/\s+/),
)

export function isSystemSchema(schema: string): boolean {
  return owned.has(schema) || schema.startsWith('pg_')
}
